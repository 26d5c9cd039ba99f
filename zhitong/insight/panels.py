"""What other pages show of precedents: beside a case, while a firm writes, on the desk, where one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.core.clock import local_date
from zhitong.insight import finding, queries
from zhitong.insight.permissions import may_be_source
from zhitong.insight.states import rules

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.core.slots import Sought

SHOWN = 20
FOUND = 3


class CasePanel:
    """While somebody works on a case: how such matters were solved. Afterwards: making a precedent of it."""

    template = "insight/_case_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """Precedents that are alike, or the way to this case's own; nothing where there is neither."""
        if actor.side is not Side.STAFF:
            return None
        if subject.ended_at is None:
            return _suggestions(actor, subject, now)
        if not permissions.may(actor, "insight.make", subject):
            return None
        live = queries.live_of(subject)
        fits = may_be_source(subject, rules(local_date(now))["outcomes"])
        return {"case": subject, "live": live, "alike": []} if live or fits else None


def _suggestions(actor: Actor, case: Case, now: datetime) -> dict[str, Any] | None:
    if not permissions.may(actor, "cases.note", case):
        return None
    text = f"{case.title}\n{case.text}"
    found = finding.alike(text, category=case.category, side="staff", now=now)
    if not found:
        return None
    counts = queries.counts([row.precedent.pk for row in found])
    usable = case.state == "handling" and permissions.may(actor, "insight.use", case)
    rows = [(row, counts[row.precedent.pk]) for row in found]
    return {"case": case, "live": None, "alike": rows, "usable": usable}


class WritingPanel:
    """While a firm writes: how such a matter was solved before."""

    template = "insight/_writing_panel.html"

    def context(self, actor: Actor, subject: str, now: datetime) -> dict[str, Any] | None:
        """The nearest precedents; nothing below the threshold. What the firm writes is kept nowhere."""
        del actor
        found = finding.alike(subject, side="firm", now=now)
        return {"alike": found} if found else None


class DeskPanel:
    """Precedents that wait for the reader's review."""

    template = "insight/_desk_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The oldest first; nothing where none waits."""
        del subject
        if not permissions.may(actor, "insight.see"):
            return None
        rows = queries.to_review(actor, now).order_by("changed_at", "pk")[:SHOWN]
        mine = [row for row in rows if permissions.may(actor, "insight.publish", row)]
        return {"precedents": mine} if mine else None


class FoundPanel:
    """The precedents in which some words stand."""

    template = "insight/_found_panel.html"

    def context(self, actor: Actor, subject: Sought, now: datetime) -> dict[str, Any] | None:
        """The newest few and whether there are more; nothing without words or without a match."""
        if not subject.words or not permissions.may(actor, "insight.see"):
            return None
        rows, _found = finding.by_words(queries.visible(actor, now).order_by("-pk"), subject.words)
        precedents = list(rows[: FOUND + 1])
        if not precedents:
            return None
        return {"precedents": precedents[:FOUND], "words": subject.words, "more": len(precedents) > FOUND}

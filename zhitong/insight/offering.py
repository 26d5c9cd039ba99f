"""Texts with which an answer or a note begins: canned answers and precedents, filled in for a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from zhitong.cases import queries as case_queries
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.insight import finding, queries
from zhitong.insight.states import filled

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.insight.models import CannedAnswer

SHOWN = 30  # canned answers that are offered beside a form


def values(actor: Actor, case: Case, now: datetime) -> dict[str, str]:
    """Return the fields of canned answers for a case, as the actor may read them; empty where there is none.

    Answers are Chinese whatever language the office's pages have.
    """
    firm = case_queries.firm_of(actor, case)
    hidden = case.protected and not permissions.may(actor, "cases.see_reporter", case)
    with override("zh-hans"):
        return {
            "firm": firm.name if firm else "",
            "case_number": case.number,
            "contact": "" if hidden else case.reporter,
            "department": case.lead.name if case.lead else "",
            "today": _day(local_date(now)),
            "due": _day(local_date(case.due_at)) if case.due_at else "",
        }


def _day(day: date) -> str:
    return day.isoformat()


def canned_text(actor: Actor, canned: CannedAnswer, case: Case, now: datetime) -> str:
    """Return a canned answer as it reads for a case."""
    return filled(canned.text, values(actor, case, now), local_date(now))


class Canned:
    """Canned answers beside the forms for answers and notes."""

    template = "insight/_canned_chooser.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """The first texts of the actor's units, filled in; nothing where there is none."""
        rows = list(queries.canned(actor)[:SHOWN])
        if not rows:
            return None
        given, day = values(actor, subject, now), local_date(now)
        return {"rows": [(row, filled(row.text, given, day)) for row in rows]}

    def text(self, *, actor: Actor, case: Case, key: int, now: datetime) -> str | None:
        """One of them, filled in."""
        row = queries.canned(actor).filter(pk=key).first()
        return canned_text(actor, row, case, now) if row else None


class Precedents:
    """Precedents that were taken into an answer; which are offered is shown in a panel of their own."""

    template = "insight/_nothing.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """Nothing: they stand on the case page with the reason why."""
        del actor, subject, now

    def text(self, *, actor: Actor, case: Case, key: int, now: datetime) -> str | None:
        """The answer of one that may be suggested."""
        del case
        if not permissions.may(actor, "insight.see"):
            return None
        row = finding.suggested(now).filter(pk=key).first()
        return row.answer if row else None

"""What supervision shows on the desk and on the page of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.core.hanging import hangs
from zhitong.supervision import pages, queries
from zhitong.supervision.models import MatterCase, Referral
from zhitong.supervision.states import ReferralState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

SHOWN = 10


class UnitPanel:
    """The tasks on which the reader's units have the next step."""

    template = "supervision/_unit_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The most urgent tasks; nothing where there are none."""
        del subject
        found = pages.rows(queries.of_unit(actor)[: SHOWN + 1], now)
        return {"rows": found[:SHOWN], "more": len(found) > SHOWN} if found else None


class UnclearedPanel:
    """What the reader oversees and is not cleared yet."""

    template = "supervision/_uncleared_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """What waits to be cleared first, then the most urgent; for those only who give or issue."""
        del subject
        may = _may_issue(actor)
        if not any(may.values()):
            return None
        found = pages.rows(queries.uncleared(actor)[: SHOWN + 1], now)
        facts = {"rows": found[:SHOWN], "more": len(found) > SHOWN, "waiting": _to_decide(actor)}
        return {**facts, **may}


class WeekPanel:
    """The list of this week: how many of its cases in the reader's sight are not cleared yet."""

    template = "supervision/_week_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The lists that run now; nothing where none does."""
        del subject
        found = list(queries.weeks(actor).filter(ends_at__gt=now)[:SHOWN])
        numbers = queries.counts(actor, found) if found else {}
        rows = [(week, numbers[week.pk]) for week in found if numbers[week.pk]["all"]]
        return {"rows": rows} if rows else None


class CasePanel:
    """The matters about a case, and the ways to give another."""

    template = "supervision/_case_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """The tasks in sight of matters about the case, for the office only."""
        if actor.side is not Side.STAFF:
            return None
        told = hangs(MatterCase, subject)
        found = pages.rows(queries.about(actor, subject)[:SHOWN], now) if told else []
        taken = list(queries.measures(row.task for row in found)) if found else []
        after = [[one for one in taken if one.task_id == row.task.pk] for row in found]
        may = _may_issue(actor)
        unheard = queries.unheard(subject)
        possible = unheard or not subject.ended_at
        laid = list(_laid(actor, subject)) if hangs(Referral, subject) else []
        referral = next((row for row in laid if row.state == ReferralState.OPEN), None)
        decided = next((row for row in laid if row.state == ReferralState.DECIDED), None)
        may["propose"] = not referral and possible and permissions.may(actor, "supervision.propose", subject)
        lie = queries.falsely_closed(subject)
        shown = found or lie or unheard or laid or any(may.values())
        facts = {
            "rows": list(zip(found, after, strict=True)),
            "case": subject,
            "falsely_closed": lie,
            "unheard": unheard,
            "referral": referral,
            "decided": decided,
            "decide": referral is not None and permissions.may(actor, "supervision.decide", referral),
        }
        return {**facts, **may} if shown else None


def _to_decide(actor: Actor) -> list[Referral]:
    """What lies before the reader as a leader, newest first."""
    if not permissions.may(actor, "supervision.instruct"):
        return []
    rows = queries.referrals(actor).filter(state=ReferralState.OPEN)[:SHOWN]
    return [row for row in rows if permissions.may(actor, "supervision.decide", row)]


def _laid(actor: Actor, case: Case) -> QuerySet[Referral]:
    """How a case was laid before leaders, in the reader's sight."""
    return queries.referrals(actor).filter(case=case).exclude(state=ReferralState.WITHDRAWN)


def _may_issue(actor: Actor) -> dict[str, bool]:
    return {name: permissions.may(actor, f"supervision.{name}") for name in ("instruct", "order")}

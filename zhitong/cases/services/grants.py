"""Deciding on what a department asks for: the clock gets days, stops for a while, or runs by stages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases.models import Stage
from zhitong.cases.services.moves import Said, Timing, move
from zhitong.cases.states import Asking, Decision, Visibility
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Ask, Case
    from zhitong.core.actor import Actor


GONE = gettext_noop("There is no such request any more. Reload to see where the case is.")


@service("cases.grant_extension")
def grant_extension(
    work: Work, *, by: Actor, now: datetime, case: Case, message: str, version: int | None = None
) -> Case:
    """Give the days that were asked for; the firm reads the reason."""
    del now
    permissions.require(by, "cases.decide", case)
    ask = _decide(work, case, Asking.EXTENSION, message)
    days = int(ask.wanted["days"])
    return _grant(work, case, Asking.EXTENSION, message, version, Timing(extra=days), extended=True)


@service("cases.grant_suspension")
def grant_suspension(
    work: Work, *, by: Actor, now: datetime, case: Case, message: str, version: int | None = None
) -> Case:
    """Stop the clock until the day that was asked for; the firm reads the reason."""
    permissions.require(by, "cases.decide", case)
    ask = _decide(work, case, Asking.SUSPENSION, message)
    until = max(date.fromisoformat(ask.wanted["until"]), local_date(now) + timedelta(days=1))
    return _grant(work, case, Asking.SUSPENSION, message, version, Timing(until=until))


@service("cases.grant_plan")
def grant_plan(
    work: Work, *, by: Actor, now: datetime, case: Case, message: str, version: int | None = None
) -> Case:
    """Put a case on the plan with its stages; the firm reads the reason."""
    permissions.require(by, "cases.decide", case)
    ask = _decide(work, case, Asking.PLAN, message)
    moved = _grant(
        work,
        case,
        Asking.PLAN,
        message,
        version,
        Timing(until=max(date.fromisoformat(ask.wanted["stages"][0][1]), local_date(now))),
        grade=ask.wanted["grade"],
    )
    Stage.objects.bulk_create(
        Stage(case=moved, ask=ask, seq=number, goal=goal, due=date.fromisoformat(day))
        for number, (goal, day) in enumerate(ask.wanted["stages"], start=1)
    )
    return moved


def _decide(work: Work, case: Case, kind: Asking, words: str) -> Ask:
    """Take the open request of a kind; who finds none was slower than somebody else."""
    ask = case.asks.filter(kind=kind, decision="").first()
    if ask is None:
        raise FasterError(GONE)
    ask.decision, ask.decided_by_id, ask.decided_at = Decision.GRANTED, work.by.user, work.now
    ask.words = words
    ask.save(update_fields=["decision", "decided_by", "decided_at", "words"])
    return ask


def _grant(
    work: Work,
    case: Case,
    kind: Asking,
    message: str,
    version: int | None,
    timing: Timing,
    **changes: Any,
) -> Case:
    return move(
        work,
        case=case,
        action=f"grant_{kind}",
        version=version,
        given={"message": message},
        changes={"asking": "", **changes},
        said=Said(text=message),
        timing=timing,
    )


@service("cases.decline")
def decline(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Decline the request that is open; the clock has never stopped."""
    del now
    permissions.require(by, "cases.decide", case)
    if not case.asking:
        raise FasterError(GONE)
    moved = move(
        work,
        case=case,
        action="decline",
        version=version,
        given={"reason": reason},
        changes={"asking": ""},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )
    case.asks.filter(decision="").update(
        decision=Decision.DECLINED, decided_by=work.by.user, decided_at=work.now, words=reason
    )
    return moved

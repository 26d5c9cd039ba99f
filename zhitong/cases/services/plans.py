"""What follows a granted request: going on after a suspension, stages of a plan, and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.models import Stage
from zhitong.cases.services.moves import Said, Timing, move
from zhitong.core.clock import local_date
from zhitong.core.errors import RefusedError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


@service("cases.resume")
def resume(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Go on before the suspension is over; the days since it began do not count."""
    del by, now
    return move(
        work, case=case, action="resume", version=version, given={"reason": reason}, said=Said(text=reason)
    )


@service("cases.stage")
def stage(work: Work, *, by: Actor, now: datetime, case: Case, text: str, version: int | None = None) -> Case:
    """Write down that a stage of the plan is done; the clock of the next one starts."""
    del by
    row = open_stages(case).first()
    following = open_stages(case)[1:2].first()
    if case.state == "planned" and following is None:
        raise RefusedError(gettext_noop("This is the last stage. Take the case up again to answer the firm."))
    moved = move(
        work,
        case=case,
        action="stage",
        version=version,
        given={"text": text},
        said=Said(text=text),
        timing=Timing(until=max(following.due, local_date(now)) if following else None),
    )
    _finish(row, now, text)
    return moved


def open_stages(case: Case) -> QuerySet[Stage]:
    """The stages of a case's plan that are not done, in order."""
    return Stage.objects.filter(case=case, done_at__isnull=True).order_by("ask", "seq")


def _finish(row: Stage | None, now: datetime, words: str) -> None:
    if row is not None:
        row.done_at, row.words = now, words
        row.save(update_fields=["done_at", "words"])


@service("cases.take_up")
def take_up(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Take a planned case up again: its stages are over, an answer follows within the usual time."""
    del by
    moved = move(
        work, case=case, action="take_up", version=version, given={"reason": reason}, said=Said(text=reason)
    )
    for row in open_stages(case):
        _finish(row, now, reason)
    return moved

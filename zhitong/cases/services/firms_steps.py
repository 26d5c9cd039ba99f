"""What a firm does with its case: supplement, withdraw, ask how it stands, rate, add something later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import rule
from zhitong.core import permissions
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.core.errors import RefusedError
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import add_workdays

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected


@service("cases.supplement")
def supplement(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    files: Iterable[Inspected] = (),
    version: int | None = None,
) -> Case:
    """Send what the intake unit asked for; the case goes back to it."""
    del by, now
    return move(
        work,
        case=case,
        action="supplement",
        version=version,
        given={"text": text},
        said=Said(text=text, files=files),
    )


@service("cases.withdraw")
def withdraw(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Take a case back before it is answered."""
    del by, now
    return move(
        work, case=case, action="withdraw", version=version, given={"reason": reason}, said=Said(text=reason)
    )


@service("cases.urge")
def urge(
    work: Work, *, by: Actor, now: datetime, case: Case, text: str = "", version: int | None = None
) -> Case:
    """Ask how it stands; whoever has the case is told. A firm may ask again after a working day."""
    permissions.require(by, "cases.urge", case)
    last = case.entries.filter(action="urge").order_by("-id").first()
    if last is not None:
        free = _next_time(local_date(last.at), rule(case.sla_version, "urge_every"))
        if local_date(now) < free:
            raise RefusedError(
                gettext_noop("You asked on %(asked)s. Please wait for news until %(free)s, then ask again."),
                asked=local_date(last.at).isoformat(),
                free=free.isoformat(),
            )
    return move(work, case=case, action="urge", version=version, said=Said(text=text))


def _next_time(day: date, days: int) -> date:
    return add_workdays(day, days, core_queries.day_table(day)).due


@service("cases.append")
def append(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    files: Iterable[Inspected] = (),
    version: int | None = None,
) -> Case:
    """Add something to a closed case; the intake unit reads it and may reopen the case."""
    del by, now
    return move(
        work,
        case=case,
        action="append",
        version=version,
        given={"text": text},
        said=Said(text=text, files=files),
    )


@service("cases.rate")
def rate(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    stars: int,
    comment: str = "",
    version: int | None = None,
) -> Case:
    """Move a case on after its firm has rated it; the rating itself is kept by the feedback room."""
    del by, now
    return move(
        work, case=case, action="rate", version=version, given={"stars": stars}, said=Said(text=comment)
    )

"""What a firm does with its running case: supplement, withdraw, rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.cases.services.moves import Said, move
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

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

"""A lead that says "not ours": once, in time, decided the same day and then for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Visibility, rule
from zhitong.core import permissions
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.core.errors import RefusedError
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import add_workdays

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

CHARGES = ("dispatch", "redispatch", "transfer")


@service("cases.object")
def object_to(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Say that the matter is another department's; the dispatcher decides the same day."""
    permissions.require(by, "cases.dispute", case)
    if case.state == "dispatched":
        _check_objection(case, now)
    return move(
        work,
        case=case,
        action="object",
        version=version,
        given={"reason": reason},
        changes={"objected": True},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


def _check_objection(case: Case, now: datetime) -> None:
    if case.objected:
        raise RefusedError(
            gettext_noop("This case was objected to once, and the decision is final. Please take it up.")
        )
    last = last_day_to_object(case)
    if last is not None and local_date(now) > last:
        raise RefusedError(
            gettext_noop("The time for an objection ended on %(day)s. Please take the case up."),
            day=last.isoformat(),
        )


def last_day_to_object(case: Case) -> date | None:
    """Return the last day on which the lead may object; None where nobody was charged yet."""
    charged = case.entries.filter(action__in=CHARGES).order_by("-id").first()
    if charged is None:
        return None
    day = local_date(charged.at)
    return add_workdays(day, rule(case.sla_version, "objection", case.kind), core_queries.day_table(day)).due


@service("cases.overrule")
def overrule(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Decide that the department stays the lead, for good; its clock is the old one."""
    del by, now
    return move(
        work,
        case=case,
        action="overrule",
        version=version,
        given={"reason": reason},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )


@service("cases.uphold")
def uphold(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Decide that the matter is another department's; it is dispatched anew, and nobody objects again."""
    del by, now
    return move(
        work,
        case=case,
        action="uphold",
        version=version,
        given={"reason": reason},
        changes={"lead_id": None, "person_id": None, "contact_due_at": None},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )

"""What follows for a confirmed problem: newcomers, cases that do not belong to it, the matter of a month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.commons import queries
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.services.changing import change, fresh, handle_together, settle, words
from zhitong.commons.states import Standing, State
from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import User


@dataclass(frozen=True, slots=True)
class MonthPlan:
    """What a leader lays down for the matter of a month."""

    month: date
    owner: User
    plan: str
    due: date


@service("commons.take_in")
def take_in(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    problem: CommonProblem,
    cases: Collection[int],
    version: int | None = None,
) -> CommonProblem:
    """Say that newcomers belong to a confirmed problem; those that still can follow its leading case."""
    permissions.require(by, "commons.take_in", problem)
    del now
    rows = _waiting(problem, cases)
    changed = change(problem, version, [State.CONFIRMED], {})
    merged = handle_together(work, [row.case for row in rows], fresh(changed.leading), changed.title)
    settle(work, rows, Standing.IN)
    work.record(changed, cases=[row.case_id for row in rows], merged=merged)
    return changed


def _waiting(problem: CommonProblem, cases: Collection[int]) -> list[CommonMember]:
    rows = CommonMember.objects.filter(problem=problem, case__in=cases, standing=Standing.NEW, open=True)
    found = list(
        rows.select_related(
            "case__enterprise", "case__intake", "case__accountable", "case__lead", "case__person"
        )
    )
    if not found or len(found) != len(set(cases)):
        raise FieldError("cases", gettext_noop("Choose among the cases that wait for a decision."))
    return found


@service("commons.leave_out")
def leave_out(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    problem: CommonProblem,
    cases: Collection[int],
    version: int | None = None,
) -> CommonProblem:
    """Say that cases do not belong to a confirmed problem; one that follows it is taken out first."""
    permissions.require(by, "commons.leave_out", problem)
    del now
    rows = list(
        CommonMember.objects.filter(problem=problem, case__in=cases, open=True).select_related("case")
    )
    if not rows or len(rows) != len(set(cases)):
        raise FieldError("cases", gettext_noop("Choose among the cases that wait for a decision."))
    for row in rows:
        if problem.leading_id in {row.case_id, row.case.merged_into_id}:
            raise RefusedError(
                gettext_noop(
                    "This case is handled with the others. Take it out of the group on its own page first."
                )
            )
    changed = change(problem, version, [State.CONFIRMED], {})
    settle(work, rows, Standing.OUT)
    work.record(changed, left_out=[row.case_id for row in rows])
    return changed


@service("commons.set_month")
def set_month(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    problem: CommonProblem,
    given: MonthPlan,
    version: int | None = None,
) -> CommonProblem:
    """Make a confirmed problem the matter of its unit's month, with who answers for it, a plan and a day."""
    permissions.require(by, "commons.set_month", problem)
    month = given.month.replace(day=1)
    if month < local_date(now).replace(day=1):
        raise FieldError("month", gettext_noop("Choose this month or a later one."))
    if given.due < local_date(now):
        raise FieldError("due", gettext_noop("Choose a day that has not passed."))
    if not queries.owners(by, problem, now).filter(pk=given.owner.pk).exists():
        raise FieldError("owner", gettext_noop("Choose somebody who heads the lead department or the unit."))
    changes = {"month": month, "owner": given.owner, "plan": words("plan", given.plan), "due": given.due}
    try:
        with transaction.atomic():
            changed = change(problem, version, [State.CONFIRMED], changes)
    except IntegrityError as error:
        raise FieldError(
            "month", gettext_noop("This unit has a matter of that month already. Choose another month.")
        ) from error
    work.record(changed, month=month, owner=given.owner.pk, due=given.due)
    work.emit("commons.set_month", problem=changed.pk, by=by.user)
    return changed

"""What the machine does: proposes a common problem, adds newcomers, lets a problem follow its case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.cases.models import Case
from zhitong.cases.states import Outcome
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.services.changing import change
from zhitong.commons.states import ENTITY, OPEN, TAKEN_UP, TITLE, Standing, State
from zhitong.core import permissions
from zhitong.core.errors import FasterError, RefusedError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.kernel.text import Entity
    from zhitong.orgs.models import Department


@service("commons.propose")
def propose(  # noqa: PLR0913 - what a proposal says
    work: Work,
    *,
    by: Actor,
    now: datetime,
    department: Department,
    entity: Entity,
    leading: Case,
    members: Mapping[int, float],
    shared: Sequence[str] = (),
) -> CommonProblem:
    """Propose that cases have one matter in common; `members` are their keys and likenesses.

    Only a person makes it one: nothing changes for any case.
    """
    permissions.require(by, "commons.propose", department)
    try:
        with transaction.atomic():
            problem = CommonProblem.objects.create(
                department=department,
                title=leading.title[:TITLE],
                kind=entity.kind,
                entity=entity.name[:ENTITY],
                shared=list(shared),
                leading=leading,
                proposed_at=now,
            )
            _add(problem, members, now)
    except IntegrityError as error:  # another ticker was faster
        raise FasterError from error
    work.record(problem, unit=department.pk, entity=entity.name, cases=sorted(members))
    work.emit("commons.propose", problem=problem.pk)
    return problem


def _add(problem: CommonProblem, members: Mapping[int, float], now: datetime) -> None:
    CommonMember.objects.bulk_create(
        CommonMember(problem=problem, case_id=case, likeness=round(min(1.0, likeness), 4), added_at=now)
        for case, likeness in members.items()
    )


@service("commons.add")
def add(
    work: Work, *, by: Actor, now: datetime, problem: CommonProblem, members: Mapping[int, float]
) -> CommonProblem:
    """Propose newcomers to an open problem; those of a confirmed one wait for a person."""
    permissions.require(by, "commons.add", problem)
    if problem.state not in OPEN:
        raise RefusedError(gettext_noop("This problem is not open any more."))
    try:
        with transaction.atomic():
            _add(problem, members, now)
    except IntegrityError as error:
        raise FasterError from error
    work.record(problem, cases=sorted(members))
    work.emit("commons.add", problem=problem.pk, count=len(members))
    return problem


@service("commons.follow")
def follow(work: Work, *, by: Actor, now: datetime, problem: CommonProblem) -> CommonProblem:
    """Let a confirmed problem be where its leading case is: ended with its outcome, or in work again."""
    permissions.require(by, "commons.follow", problem)
    del now
    case = problem.leading
    state, outcome = State.CONFIRMED, ""
    if case.ended_at is not None:
        state = State.SOLVED if case.outcome == Outcome.SOLVED else State.ENDED
        outcome = case.outcome
    if (state, outcome) == (problem.state, problem.outcome):
        raise RefusedError(gettext_noop("This problem is where its leading case is already."))
    changed = change(problem, None, TAKEN_UP, {"state": state, "outcome": outcome})
    inside = CommonMember.objects.filter(problem=problem).exclude(standing=Standing.OUT)
    if state == State.CONFIRMED:
        elsewhere = CommonMember.objects.filter(open=True).exclude(problem=problem)
        inside.exclude(case__in=list(elsewhere.values_list("case", flat=True))).update(open=True)
    else:
        inside.update(open=False)
    work.record(changed, state=state, outcome=outcome, case=case.pk)
    return changed

"""Asking the intake unit for more time: an extension, a suspension, a place on the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases.models import Ask
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Asking, Visibility, grade_years, grades, rule
from zhitong.core import permissions
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import Deadline, subtract_workdays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Goal:
    """A stage of a plan as it is asked for: what will be there, and by when."""

    goal: str
    due: date


@service("cases.ask_extension")
def ask_extension(
    work: Work, *, by: Actor, now: datetime, case: Case, days: int, reason: str, version: int | None = None
) -> Case:
    """Ask for more days, once and in time; the clock runs on until that is granted."""
    _may_ask(by, case)
    most = rule(case.sla_version, "extension_most", case.kind)
    if not most:
        raise RefusedError(
            gettext_noop(
                "This kind of matter gets no extension. Answer what is known, or ask to put it on the plan."
            )
        )
    if days and not 1 <= days <= most:
        raise FieldError("days", gettext_noop("Ask for 1 to %(most)d days."), most=most)
    if case.state == "handling":
        _check_extension(case, now)
    return _ask(work, case, Asking.EXTENSION, {"days": days}, reason, version)


def _check_extension(case: Case, now: datetime) -> None:
    if case.extended:
        raise RefusedError(gettext_noop("This case was extended once; a second time is not possible."))
    last = last_day_to_extend(case)
    if local_date(now) > last:
        raise RefusedError(
            gettext_noop(
                "An extension could be asked for until %(day)s. Ask to put the case on the plan, or answer."
            ),
            day=last.isoformat(),
        )


def last_day_to_extend(case: Case) -> date:
    """Return the last day on which an extension of the running clock can be asked for."""
    due = Deadline.from_json(case.deadline).due
    return subtract_workdays(
        due, rule(case.sla_version, "extension_before", case.kind), core_queries.day_table(due)
    )


@service("cases.ask_suspension")
def ask_suspension(
    work: Work, *, by: Actor, now: datetime, case: Case, until: date, reason: str, version: int | None = None
) -> Case:
    """Ask to stop the clock until a day, because something has to be waited for."""
    _may_ask(by, case)
    today = local_date(now)
    most = rule(case.sla_version, "suspension_most")
    if until and not today < until <= today + timedelta(days=most):
        raise FieldError("until", gettext_noop("Give a day within the next %(most)d days."), most=most)
    wanted = {"until": until.isoformat()} if until else {}
    return _ask(work, case, Asking.SUSPENSION, wanted, reason, version, given={"until": until})


@service("cases.ask_plan")
def ask_plan(  # noqa: PLR0913 - the parts of the form
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    grade: str,
    stages: Sequence[Goal],
    reason: str,
    version: int | None = None,
) -> Case:
    """Ask to put a case on the plan with stages, instead of closing what is not solved."""
    _may_ask(by, case)
    if grade and grade not in grades(case.sla_version):
        raise FieldError("grade", gettext_noop("Choose one of the classes in the list."))
    _check_stages(stages, local_date(now), rule(case.sla_version, "stages_most"))
    if grade:
        _check_class(stages, local_date(now), grade_years(case.sla_version, grade))
    wanted = {"grade": grade, "stages": [[one.goal.strip(), one.due.isoformat()] for one in stages]}
    return _ask(
        work, case, Asking.PLAN, wanted, reason, version, given={"grade": grade, "stages": list(stages)}
    )


def _check_stages(stages: Sequence[Goal], today: date, most: int) -> None:
    if len(stages) > most:
        raise FieldError("stages", gettext_noop("A plan has at most %(most)d stages."), most=most)
    days = [one.due for one in stages]
    if any(not one.goal.strip() for one in stages):
        raise FieldError("stages", gettext_noop("Say for each stage what will be there."))
    if any(day <= today for day in days) or days != sorted(set(days)):
        raise FieldError(
            "stages", gettext_noop("The days of the stages come one after the other, from tomorrow on.")
        )


def _check_class(stages: Sequence[Goal], today: date, years: int | None) -> None:
    if years is not None and any(one.due.year > today.year + years for one in stages):
        raise FieldError(
            "stages",
            gettext_noop("In this class the last stage ends in %(year)d. Choose another class or day."),
            year=today.year + years,
        )


def _may_ask(by: Actor, case: Case) -> None:
    permissions.require(by, "cases.ask", case)
    if case.asking:
        raise RefusedError(gettext_noop("A request is waiting for its decision. Wait for it first."))


def _ask(
    work: Work,
    case: Case,
    kind: Asking,
    wanted: dict[str, Any],
    reason: str,
    version: int | None,
    given: dict[str, Any] | None = None,
) -> Case:
    moved = move(
        work,
        case=case,
        action=f"ask_{kind}",
        version=version,
        given={**(wanted if given is None else given), "reason": reason},
        changes={"asking": kind},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )
    Ask.objects.create(
        case=moved, kind=kind, wanted=wanted, reason=reason, asked_by_id=work.by.user, asked_at=work.now
    )
    return moved

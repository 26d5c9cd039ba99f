"""What follows an order that was not obeyed: a talk, then a circular; a person does each, in this order."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.supervision import queries
from zhitong.supervision.models import Measure
from zhitong.supervision.services.steps import change_task
from zhitong.supervision.states import WITH_UNIT, MeasureStep

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Task


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk with a unit: when and where, with whom, the minutes, what came of it."""

    day: date
    people: str
    place: str
    text: str
    result: str


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular: of which day, its text, and the number that the office gave it."""

    day: date
    text: str
    number: str = ""


@service("supervision.talk")
def talk(
    work: Work, *, by: Actor, now: datetime, task: Task, given: Talk, version: int | None = None
) -> Task:
    """Write down that a unit was called in because it did not obey an order."""
    del now
    permissions.require(by, "supervision.talk", task)
    return _take(work, task, MeasureStep.TALK, given, version)


@service("supervision.circular")
def circular(
    work: Work, *, by: Actor, now: datetime, task: Task, given: Circular, version: int | None = None
) -> Task:
    """Criticise a unit in a circular that did not obey an order, nor what was said in the talk."""
    del now
    permissions.require(by, "supervision.circular", task)
    return _take(work, task, MeasureStep.CIRCULAR, given, version)


def _take(work: Work, task: Task, step: MeasureStep, given: Talk | Circular, version: int | None) -> Task:
    if queries.next_measure(task, work.now) != step:
        raise RefusedError(
            gettext_noop(
                "This step is not open. It follows an order about arrears that was not obeyed: "
                "first the talk, then the circular."
            )
        )
    words = {name: value.strip() for name, value in asdict(given).items() if isinstance(value, str)}
    for name, value in words.items():
        if not value and name != "number":
            raise FieldError(name, gettext_noop("Please fill in this field."))
    _check_day(work, task, given.day)
    changed = change_task(work, task, version, WITH_UNIT, {}, words.get("result", words["text"]))
    row = Measure.objects.create(
        task=changed, step=step, day=given.day, by_user_id=work.by.user, at=work.now, **words
    )
    work.record(row, task=changed.pk, step=step, day=given.day)
    return changed


def _check_day(work: Work, task: Task, day: date) -> None:
    before = Measure.objects.filter(task=task).order_by("-day").values_list("day", flat=True).first()
    first = before or local_date(task.started_at)
    if not first <= day <= local_date(work.now):
        raise FieldError(
            "day", gettext_noop("Give a day from %(first)s until today."), first=first.isoformat()
        )

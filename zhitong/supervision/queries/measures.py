"""Reading what followed an order that was not obeyed, and what may follow now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from zhitong.core.clock import local_date
from zhitong.supervision.models import Line, MatterCase, Measure
from zhitong.supervision.queries.matters import tasks
from zhitong.supervision.states import WITH_UNIT, Kind, MeasureStep, ladder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Task


def measures(shown: Iterable[Task]) -> QuerySet[Measure]:
    """What followed the orders of tasks, oldest first."""
    return Measure.objects.filter(task__in=list(shown)).select_related("by_user").order_by("id")


def get_circular(actor: Actor, pk: int) -> Measure:
    """Return a circular about a task the actor may see; 404 for every other."""
    row = Measure.objects.filter(pk=pk, step=MeasureStep.CIRCULAR, task__in=tasks(actor))
    circular = row.select_related("task__department", "task__matter__department").first()
    if circular is None:
        raise Http404
    return circular


def disobeyed(task: Task, now: datetime) -> bool:
    """Whether an order was not obeyed: no reply by its day, or what was replied was sent back.

    While a reply waits to be looked at it is not.
    """
    if task.matter.kind != Kind.ORDER or task.state not in WITH_UNIT:
        return False
    return task.due_at < now or Line.objects.filter(task=task, action="send_back").exists()


def next_measure(task: Task, now: datetime) -> str:
    """Return the step that may follow an order now, empty where none may.

    The kinds of the cases that the order is about say which steps there are (`data/supervision`).
    """
    if not disobeyed(task, now):
        return ""
    kinds = MatterCase.objects.filter(matter=task.matter_id).values_list("case__kind", flat=True)
    steps = next((found for kind in sorted(set(kinds)) if (found := ladder(local_date(now), kind))), ())
    taken = set(Measure.objects.filter(task=task).values_list("step", flat=True))
    return next((step for step in steps if step not in taken), "")

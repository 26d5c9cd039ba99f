"""The open tasks of somebody who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.core import permissions
from zhitong.core.service import Work, service
from zhitong.orgs import queries as orgs_queries
from zhitong.supervision.models import Task
from zhitong.supervision.queries import UNIT_ROLES

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


def hand_over(*, user: int, to: int | None, by: Actor, now: datetime) -> int:
    """Hand over the open tasks of somebody who no longer works in the unit that has them; count them."""
    rows = Task.objects.filter(person=user, ended_at__isnull=True)
    left = [task for task in rows if not _works_there(task, user, now)]
    for task in left:
        _hand_over_one(by=by, now=now, task=task, to=to)
    return len(left)


@service("supervision.hand_over")
def _hand_over_one(work: Work, *, by: Actor, now: datetime, task: Task, to: int | None) -> Task:
    """Give a leaver's task to a successor in the same unit, or back to the unit."""
    permissions.require(by, "supervision.hand_over", task)
    successor = to if to is not None and _works_there(task, to, now) else None
    Task.objects.filter(pk=task.pk).update(person=successor, version=task.version + 1)
    work.record(task, person=successor)
    return task


def _works_there(task: Task, user: int, now: datetime) -> bool:
    return orgs_queries.holders(task.department_id, *UNIT_ROLES, now=now).filter(pk=user).exists()

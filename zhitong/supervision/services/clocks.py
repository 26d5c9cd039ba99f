"""Deadlines of tasks: given in working days or as a day, moved when the calendar changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import Deadline, add_natural_days, add_workdays, due_moment
from zhitong.supervision.models import Task
from zhitong.supervision.states import rules

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor


def begin(*, now: datetime, days: int | None, until: date | None) -> dict[str, Any]:
    """Return the clock columns of a task that is issued at `now`: until a day, or for working days."""
    today = local_date(now)
    allowed = rules(today)["deadline"]
    if until is not None:
        ahead = (until - today).days
        if not 0 <= ahead <= allowed["longest"]:
            raise FieldError("until", gettext_noop("Choose a day from today on, within about a year."))
        return columns(count(today, ahead, "day"))
    if days not in allowed["days"]:
        raise FieldError("days", gettext_noop("Choose a number of working days, or give a day."))
    return columns(count(today, days, "workday"))


def count(start: date, days: int, unit: str) -> Deadline:
    """Count days after `start` with the calendar as it is now."""
    table = core_queries.day_table(start)
    return (add_workdays if unit == "workday" else add_natural_days)(start, days, table)


def columns(deadline: Deadline) -> dict[str, Any]:
    """Return a deadline as the columns of a task."""
    return {
        "due_at": due_moment(deadline.due, timezone.get_default_timezone()),
        "deadline": deadline.to_json(),
        "provisional": deadline.provisional,
    }


@service("supervision.recompute_deadlines")
def _recompute(work: Work, *, by: Actor, now: datetime, days: frozenset[date]) -> int:
    del by, now
    first, last = min(days), max(days)
    moved = 0
    for task in Task.objects.filter(ended_at__isnull=True, started_at__date__lte=last).iterator():
        stored = Deadline.from_json(task.deadline)
        if stored.due < first and not stored.provisional:
            continue
        after = columns(count(stored.start, stored.days, stored.unit))
        if after["deadline"] != task.deadline:
            # The version stays: a moved deadline is nobody's competing edit.
            Task.objects.filter(pk=task.pk).update(**after)
            work.record(task, before=task.due_at, after=after["due_at"])
            moved += 1
    work.record("supervision.task", days=sorted(days), moved=moved)
    return moved


def recompute_deadlines(*, by: Actor, now: datetime, days: frozenset[date]) -> int:
    """Move the deadlines of open tasks that step over one of `days`; return how many moved."""
    return _recompute(by=by, now=now, days=days) if days else 0

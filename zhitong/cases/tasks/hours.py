"""When people may be told of what is late."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from zhitong.cases.states import working_hours

if TYPE_CHECKING:
    from zhitong.kernel.calendar import DayTable


def at_work(version: int, now: datetime) -> bool:
    """Whether it is within the working hours of a profile; the day is the caller's to look at."""
    first, last = working_hours(version)
    return first <= timezone.localtime(now).time() <= last


def late_since(today: date, overdue: int, table: DayTable) -> datetime:
    """The moment before which a clock must have run out to be more than so many working days late today."""
    day, passed = today, 0
    while passed < overdue:
        day -= timedelta(days=1)
        passed += table.is_workday(day)
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())

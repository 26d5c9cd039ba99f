"""Working days with shifted weekends, and deadlines that explain themselves."""

from __future__ import annotations

from zhitong.kernel.calendar.days import CalendarError, DayEntry, DayKind, DayTable, parse_year
from zhitong.kernel.calendar.deadlines import (
    Deadline,
    Pause,
    add_hours,
    add_natural_days,
    add_workdays,
    due_moment,
    subtract_workdays,
    workdays_between,
)

__all__ = [
    "CalendarError",
    "DayEntry",
    "DayKind",
    "DayTable",
    "Deadline",
    "Pause",
    "add_hours",
    "add_natural_days",
    "add_workdays",
    "due_moment",
    "parse_year",
    "subtract_workdays",
    "workdays_between",
]

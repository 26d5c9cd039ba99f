"""Working days with shifted weekends, and deadlines that explain themselves."""

from zhitong.kernel.calendar.deadlines import (
    Deadline,
    add_natural_days,
    add_workdays,
    due_moment,
    subtract_workdays,
    workdays_between,
)
from zhitong.kernel.calendar.days import CalendarError, DayEntry, DayKind, DayTable, parse_year

__all__ = [
    "CalendarError",
    "Deadline",
    "DayEntry",
    "DayKind",
    "DayTable",
    "add_natural_days",
    "add_workdays",
    "due_moment",
    "parse_year",
    "subtract_workdays",
    "workdays_between",
]

"""Deadlines in words and colours: how long is left, how urgent that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhitong.core.clock import local_date
from zhitong.kernel.calendar import Deadline, workdays_between

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from zhitong.kernel.calendar import DayTable


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock in words: what runs out, when, how long is left, how urgent that is."""

    label: str
    due: datetime | None
    left: str
    tone: str  # success, warning, danger, neutral
    percent: int
    provisional: bool


def clock_of(row: Any, label: str, now: datetime, table: DayTable, lamp: Mapping[str, int]) -> Clock:
    """Return a clock in words; `row` has due_at, deadline and provisional, `lamp` says when yellow begins."""
    deadline = Deadline.from_json(row.deadline)
    left = _days_left(deadline, local_date(now), table)
    total = deadline.days + deadline.extra
    yellow = left <= lamp["yellow_days"] and 100 * left <= lamp["yellow_percent"] * total
    tone = "danger" if now > row.due_at else "warning" if yellow else "success"
    words = _late_words(-left) if now > row.due_at else _left_words(left, deadline.unit)
    used = 100 if total == 0 else round(100 * (total - max(left, 0)) / total)
    return Clock(label, row.due_at, words, tone, max(0, min(100, used)), row.provisional)


def _days_left(deadline: Deadline, today: date, table: DayTable) -> int:
    if deadline.unit == "workday":
        return workdays_between(today, deadline.due, table)
    return (deadline.due - today).days


def _left_words(left: int, unit: str) -> str:
    if left <= 0:
        return _("Due today")
    if unit == "workday":
        return ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}
    return ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}


def _late_words(late: int) -> str:
    if late <= 0:
        return _("Overdue")
    return ngettext("Overdue by %(n)d day", "Overdue by %(n)d days", late) % {"n": late}

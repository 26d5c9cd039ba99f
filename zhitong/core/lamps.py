"""Deadlines in words and colours: how long is left, how urgent that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhitong.core.clock import local_date
from zhitong.kernel.calendar import Deadline, workdays_between

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from zhitong.kernel.calendar import DayTable

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock in words: what runs out, when, how long is left, how urgent that is."""

    label: str
    due: datetime | None
    left: str
    tone: str  # success, warning, danger, neutral
    percent: int
    provisional: bool

    @property
    def ends(self) -> str:
        """Day and time at which it runs out, as YYYY-MM-DD HH:MM; written so, it needs no slow filter."""
        return f"{timezone.localtime(self.due):%Y-%m-%d %H:%M}" if self.due else ""


def clock_of(row: Any, label: str, now: datetime, table: DayTable, lamp: Mapping[str, int]) -> Clock:
    """Return a clock in words; `row` has due_at, deadline and provisional, `lamp` says when yellow begins."""
    deadline = Deadline.from_json(row.deadline)
    left = _left(deadline, now, table)
    total = deadline.days + deadline.extra
    near = deadline.unit == "hour" or left <= lamp["yellow_days"]
    yellow = near and 100 * left <= lamp["yellow_percent"] * total
    tone = "danger" if now > row.due_at else "warning" if yellow else "success"
    words = _late_words(-left, deadline.unit) if now > row.due_at else _left_words(left, deadline.unit)
    used = 100 if total == 0 else round(100 * (total - max(left, 0)) / total)
    return Clock(label, row.due_at, words, tone, max(0, min(100, used)), row.provisional)


def _left(deadline: Deadline, now: datetime, table: DayTable) -> int:
    """How much of its own unit a deadline leaves; negative when it is over."""
    if deadline.ends is not None:
        return int((deadline.ends - now) / HOUR)
    today = local_date(now)
    if deadline.unit == "workday":
        return workdays_between(today, deadline.due, table)
    return (deadline.due - today).days


def _left_words(left: int, unit: str) -> str:
    if unit == "hour":
        if left <= 0:
            return _("Due within the hour")
        return ngettext("%(n)d hour left", "%(n)d hours left", left) % {"n": left}
    if left <= 0:
        return _("Due today")
    if unit == "workday":
        return ngettext("%(n)d working day left", "%(n)d working days left", left) % {"n": left}
    return ngettext("%(n)d day left", "%(n)d days left", left) % {"n": left}


def _late_words(late: int, unit: str) -> str:
    if late <= 0:
        return _("Overdue")
    if unit == "hour":
        return ngettext("Overdue by %(n)d hour", "Overdue by %(n)d hours", late) % {"n": late}
    return ngettext("Overdue by %(n)d day", "Overdue by %(n)d days", late) % {"n": late}

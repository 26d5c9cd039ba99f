"""Functions of days and times."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhitong.kernel.rules.feel.builtins.signatures import Table
from zhitong.kernel.rules.feel.compare import equal
from zhitong.kernel.rules.feel.dates import Date, Moment, Time, offset_of
from zhitong.kernel.rules.feel.values import kind_of

TABLE = Table()
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAY = "date: date|moment"


def day_of(value: Date | Moment) -> Date:
    """Return the day of a day or a moment."""
    return value.date if isinstance(value, Moment) else value


@TABLE.add("day of year", DAY)
def _of_year(feel: Any, value: Date | Moment) -> Decimal:
    del feel
    date = day_of(value)
    return Decimal(date.ordinal - Date(date.year, 1, 1).ordinal + 1)


@TABLE.add("day of week", DAY)
def _of_week(feel: Any, value: Date | Moment) -> str:
    del feel
    return DAYS[day_of(value).weekday - 1]


@TABLE.add("month of year", DAY)
def _month(feel: Any, value: Date | Moment) -> str:
    del feel
    return MONTHS[day_of(value).month - 1]


@TABLE.add("week of year", DAY)
def _week(feel: Any, value: Date | Moment) -> Decimal:
    """The week of ISO 8601, to whose year its Thursday belongs."""
    del feel
    date = day_of(value)
    thursday = date.ordinal - date.weekday + 4
    for year in (date.year + 1, date.year, date.year - 1):
        first = Date(year, 1, 4)
        monday = first.ordinal - first.weekday + 1
        if thursday >= monday:
            return Decimal((thursday - monday) // 7 + 1)
    raise AssertionError


def _in_all_parts(value: Time | Moment) -> tuple[Any, ...]:
    """Day, time and offset; whether a zone was named or given by its offset does not matter."""
    date, time = (value.date, value.time) if isinstance(value, Moment) else (None, value)
    return date, time.seconds, time.nano, offset_of(time, date)


@TABLE.add("is", "value1", "value2")
def _is(feel: Any, one: Any, other: Any) -> bool:
    """Whether two values are the same in all parts: a time in another zone is not."""
    del feel
    if kind_of(one) != kind_of(other):
        return False
    if isinstance(one, (Time, Moment)):
        return _in_all_parts(one) == _in_all_parts(other)
    return equal(one, other) is True


def _now(name: str, *, day_only: bool) -> None:
    @TABLE.add(name)
    def run(feel: Any) -> Any:
        """What the caller gave; the kernel has no clock."""
        now = feel.now
        return now.date if day_only and now is not None else now


_now("now", day_only=False)
_now("today", day_only=True)

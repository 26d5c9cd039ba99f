"""Functions that make values out of other ones."""

from __future__ import annotations

import re
from decimal import Decimal, DecimalException
from typing import Any

from zhitong.kernel.rules.feel.builtins.signatures import Table
from zhitong.kernel.rules.feel.dates import (
    MOST_OFFSET,
    NANO,
    Date,
    Moment,
    Time,
    Zone,
    date_of,
    read_date,
    read_moment,
    read_time,
)
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth, read_duration
from zhitong.kernel.rules.feel.values import NUMBERS, Callee
from zhitong.kernel.rules.feel.writing import written

TABLE = Table()
NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
SEPARATORS = {"", " ", ",", "."}
MIDNIGHT = Time(0)


def whole(value: Decimal) -> int | None:
    """Return a number as a whole one; None where it is none."""
    return int(value) if value == value.to_integral_value() and abs(value) < 10**12 else None


@TABLE.add("date", "from: string")
def _date(feel: Any, text: str) -> Date | None:
    del feel
    return read_date(text)


@TABLE.add("date", "from: date|moment")
def _date_of(feel: Any, value: Date | Moment) -> Date:
    del feel
    return value.date if isinstance(value, Moment) else value


@TABLE.add("date", "year: number", "month: number", "day: number")
def _date_from(feel: Any, year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    del feel
    numbers = [whole(part) for part in (year, month, day)]
    return None if None in numbers else date_of(*numbers)  # type: ignore[arg-type]


@TABLE.add("time", "from: string")
def _time(feel: Any, text: str) -> Time | None:
    del feel
    return read_time(text)


@TABLE.add("time", "from: time|moment|date")
def _time_of(feel: Any, value: Time | Moment | Date) -> Time:
    del feel
    if isinstance(value, Date):
        return Time(0, 0, Zone(0))
    return value.time if isinstance(value, Moment) else value


@TABLE.add("time", "hour: number", "minute: number", "second: number", "offset?: days?")
def _time_from(
    feel: Any, hour: Decimal, minute: Decimal, second: Decimal, offset: DayTime | None = None
) -> Time | None:
    del feel
    hours, minutes = whole(hour), whole(minute)
    if hours not in range(24) or minutes not in range(60) or not 0 <= second < 60:  # noqa: PLR2004
        return None
    nanos = int(NUMBERS.multiply(second % 1, Decimal(NANO)))
    zone = None
    if offset is not None:
        seconds = offset.nanos // NANO
        if abs(seconds) > MOST_OFFSET:
            return None
        zone = Zone(seconds)
    return Time(int(hours) * 3600 + int(minutes) * 60 + int(second), nanos, zone)


@TABLE.add("date and time", "from: string")
def _moment(feel: Any, text: str) -> Moment | None:
    del feel
    date = read_date(text)
    return Moment(date, MIDNIGHT) if date is not None else read_moment(text)


@TABLE.add("date and time", "from: moment")
def _moment_of(feel: Any, value: Moment) -> Moment:
    del feel
    return value


@TABLE.add("date and time", "date: date|moment", "time: time")
def _moment_from(feel: Any, date: Date | Moment, time: Time) -> Moment:
    del feel
    return Moment(date.date if isinstance(date, Moment) else date, time)


@TABLE.add(
    "date and time",
    *("year: number", "month: number", "day: number", "hour: number", "minute: number", "second: number"),
    "offset?: days?",
)
def _moment_by_parts(feel: Any, *given: Any) -> Moment | None:
    date, time = _date_from(feel, *given[:3]), _time_from(feel, *given[3:])
    return Moment(date, time) if date is not None and time is not None else None


@TABLE.add("duration", "from: string")
def _duration(feel: Any, text: str) -> Any:
    del feel
    return read_duration(text)


@TABLE.add("duration", "from: days|months")
def _duration_of(feel: Any, value: Any) -> Any:
    del feel
    return value


@TABLE.add("years and months duration", "from: date|moment", "to: date|moment")
def _months_between(feel: Any, begin: Date | Moment, end: Date | Moment) -> YearMonth:
    """Whole months from one day to another."""
    first, last = _date_of(feel, begin), _date_of(feel, end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearMonth(months)


@TABLE.add("number", "from: number")
def _number_of(feel: Any, value: Decimal) -> Decimal:
    del feel
    return value


@TABLE.add("number", "from: string", "grouping separator?: string?", "decimal separator?: string?")
def _number(feel: Any, text: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    del feel
    if (grouping or "") not in SEPARATORS or (point or ".") not in {".", ","} or grouping == (point or "."):
        return None
    plain = text.replace(grouping, "") if grouping else text
    if point and point != ".":
        if "." in plain:
            return None
        plain = plain.replace(point, ".")
    try:
        return NUMBERS.create_decimal(plain) if NUMBER.fullmatch(plain) and len(plain) < 10_000 else None  # noqa: PLR2004
    except DecimalException:
        return None


@TABLE.add("string", "from")
def _string(feel: Any, value: Any) -> str | None:
    del feel
    if value is None or isinstance(value, Callee):
        return None
    return value if isinstance(value, str) else written(value)


@TABLE.add("not", "negand: boolean?")
def _not(feel: Any, value: Any) -> bool | None:
    del feel
    return None if value is None else not value

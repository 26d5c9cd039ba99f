"""Days, times and moments of FEEL: years far outside those of Python, zones by offset or by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MOST_YEAR = 999_999_999
DAY = 86_400
NANO = 1_000_000_000
MOST_OFFSET = 18 * 3600
PYTHON_YEARS = range(2, 9999)  # in which Python knows the rules of named zones


@dataclass(frozen=True, slots=True)
class Date:
    """A day of the proleptic Gregorian calendar."""

    year: int
    month: int
    day: int

    @property
    def ordinal(self) -> int:
        """Days since 0000-03-01."""
        year, month = (self.year, self.month - 3) if self.month > 2 else (self.year - 1, self.month + 9)  # noqa: PLR2004
        return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + self.day - 1

    @property
    def weekday(self) -> int:
        """Monday is 1, Sunday is 7."""
        return (self.ordinal + 2) % 7 + 1

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04}-{self.month:02}-{self.day:02}"


@dataclass(frozen=True, slots=True)
class Zone:
    """An offset from UTC in seconds, or a zone by its name."""

    offset: int | None = None
    name: str = ""

    def __str__(self) -> str:
        if self.name:
            return f"@{self.name}"
        offset = self.offset or 0
        if not offset:
            return "Z"
        hours, rest = divmod(abs(offset), 3600)
        seconds = f":{rest % 60:02}" if rest % 60 else ""
        return f"{'-' if offset < 0 else '+'}{hours:02}:{rest // 60:02}{seconds}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; `seconds` counts whole seconds from midnight."""

    seconds: int
    nano: int = 0
    zone: Zone | None = None

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight."""
        return self.seconds * NANO + self.nano

    def __str__(self) -> str:
        hours, rest = divmod(self.seconds, 3600)
        part = f".{self.nano:09}".rstrip("0") if self.nano else ""
        return f"{hours:02}:{rest // 60:02}:{rest % 60:02}{part}{self.zone or ''}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and a time, what FEEL calls date and time."""

    date: Date
    time: Time

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


def days_in(year: int, month: int) -> int:
    """Return how many days a month has."""
    if month == 2:  # noqa: PLR2004 - February
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {4, 6, 9, 11} else 31


def date_of(year: int, month: int, day: int) -> Date | None:
    """Return a day, or None where there is no such day."""
    if abs(year) > MOST_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in(year, month):  # noqa: PLR2004
        return None
    return Date(year, month, day)


def date_at(ordinal: int) -> Date | None:
    """Return the day that is so many days after 0000-03-01; None where years end."""
    era, rest = divmod(ordinal, 146_097)
    year = (rest - rest // 1460 + rest // 36_524 - rest // 146_096) // 365
    rest -= 365 * year + year // 4 - year // 100
    month = (5 * rest + 2) // 153
    day = rest - (153 * month + 2) // 5 + 1
    year += era * 400 + (month >= 10)  # noqa: PLR2004 - the year begins in March here
    return date_of(year, month + 3 if month < 10 else month - 9, day)  # noqa: PLR2004


def offset_of(time: Time, date: Date | None = None) -> int | None:
    """Return the offset of a time from UTC in seconds, on a day for named zones; None for local times."""
    zone = time.zone
    if zone is None:
        return None
    if not zone.name:
        return zone.offset
    year = date.year if date is not None and date.year in PYTHON_YEARS else 2001
    month, day = (date.month, min(date.day, 28)) if date is not None else (1, 1)
    if date is not None and date.year in PYTHON_YEARS:
        day = date.day
    naive = datetime(year, month, day, tzinfo=UTC) + timedelta(seconds=time.seconds)
    there = _zone(zone.name)
    offset = there.utcoffset(naive.replace(tzinfo=None)) or timedelta()
    if date is None:  # a time without a day is one of the zone's standard time
        offset -= there.dst(naive.replace(tzinfo=None)) or timedelta()
    return int(offset.total_seconds())


def instant(value: Date | Time | Moment) -> tuple[int, bool]:
    """Return nanoseconds on one scale, in UTC where the value has a zone, and whether it has one."""
    if isinstance(value, Date):
        return value.ordinal * DAY * NANO, True
    time, date = (value.time, value.date) if isinstance(value, Moment) else (value, None)
    offset = offset_of(time, date)
    days = date.ordinal * DAY * NANO if date is not None else 0
    return days + time.nanos - (offset or 0) * NANO, offset is not None


def moment_at(nanos: int, zone: Zone | None) -> Moment | None:
    """Return the moment at nanoseconds of local time since 0000-03-01."""
    days, rest = divmod(nanos, DAY * NANO)
    date = date_at(days)
    return Moment(date, Time(rest // NANO, rest % NANO, zone)) if date is not None else None


@lru_cache(maxsize=1000)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)", re.ASCII)
TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9})\d*)?(?:(Z|z)|([+-])(\d\d):(\d\d)(?::(\d\d))?|@([\w/+-]+))?", re.ASCII
)


def read_date(text: str) -> Date | None:
    """Return the day that a text of the form 2026-01-31 names, or None."""
    match = DATE.fullmatch(text)
    if match is None:
        return None
    sign, year, month, day = match.groups()
    return date_of(-int(year) if sign else int(year), int(month), int(day))


def read_time(text: str) -> Time | None:
    """Return the time that a text of the form 10:30:00.5+08:00 names, or None."""
    match = TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, part, utc, sign, *offset, name = match.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:  # noqa: PLR2004
        return None
    zone = None
    if utc:
        zone = Zone(0)
    elif sign:
        zone = _offset(sign, offset)
    elif name:
        zone = Zone(name=name) if _known_zone(name) else None
    if zone is None and (sign or name):
        return None
    nano = int((part or "").ljust(9, "0"))
    return Time(int(hour) * 3600 + int(minute) * 60 + int(second), nano, zone)


def _offset(sign: str, parts: list[str | None]) -> Zone | None:
    hours, minutes, seconds = (int(part or 0) for part in parts)
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > MOST_OFFSET:  # noqa: PLR2004
        return None
    return Zone(-total if sign == "-" else total)


@lru_cache(maxsize=1000)
def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError):
        return False
    return True


def read_moment(text: str) -> Moment | None:
    """Return the moment that a text of the form 2026-01-31T10:30:00 names, or None."""
    day, found, rest = text.partition("T")
    date = read_date(day)
    if date is not None and rest.startswith("24:00:00"):  # the end of a day is the begin of the next
        date, rest = date_at(date.ordinal + 1), f"00{rest[2:]}"
    time = read_time(rest) if found else None
    return Moment(date, time) if date is not None and time is not None else None

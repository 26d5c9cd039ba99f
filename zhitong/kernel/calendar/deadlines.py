"""Counting working days: from the next working day on, due at the end of the last one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from zhitong.kernel.calendar.days import CalendarError, DayKind, DayTable

ONE = timedelta(days=1)
UNITS = ("workday", "day")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due day with its reasons: the days counted and the days stepped over.

    `provisional` says that a day stepped over or counted lies in a year whose holidays are not known.
    """

    start: date
    days: int
    unit: str
    due: date
    provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[tuple[date, DayKind, str], ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data with ISO dates."""
        return {
            "start": self.start.isoformat(),
            "days": self.days,
            "unit": self.unit,
            "due": self.due.isoformat(),
            "provisional": self.provisional,
            "counted": [day.isoformat() for day in self.counted],
            "skipped": [[day.isoformat(), kind.value, name] for day, kind, name in self.skipped],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Deadline:
        """Read what to_json wrote."""
        return cls(
            start=date.fromisoformat(stored["start"]),
            days=stored["days"],
            unit=stored["unit"],
            due=date.fromisoformat(stored["due"]),
            provisional=stored["provisional"],
            counted=tuple(date.fromisoformat(day) for day in stored["counted"]),
            skipped=tuple(
                (date.fromisoformat(day), DayKind(kind), name) for day, kind, name in stored["skipped"]
            ),
        )


def add_workdays(start: date, days: int, table: DayTable) -> Deadline:
    """Count `days` working days after `start`; with 0, `start` itself if it is one, else the next."""
    _check(days)
    counted: list[date] = []
    skipped: list[tuple[date, DayKind, str]] = []
    day = start
    if days == 0:
        while not table.is_workday(day):
            skipped.append((day, table.kind(day), table.name(day)))
            day += ONE
    while len(counted) < days:
        day += ONE
        if table.is_workday(day):
            counted.append(day)
        else:
            skipped.append((day, table.kind(day), table.name(day)))
    return Deadline(
        start, days, "workday", day, _provisional(start, day, table), tuple(counted), tuple(skipped)
    )


def add_natural_days(start: date, days: int, table: DayTable) -> Deadline:
    """Count `days` calendar days after `start`; no day is stepped over and nothing is provisional."""
    del table
    _check(days)
    counted = tuple(start + ONE * number for number in range(1, days + 1))
    return Deadline(start, days, "day", start + ONE * days, provisional=False, counted=counted, skipped=())


def _check(days: int) -> None:
    if days < 0:
        message = f"A deadline cannot lie {-days} days before its start."
        raise CalendarError(message)


def _provisional(start: date, due: date, table: DayTable) -> bool:
    return any(not table.is_loaded(year) for year in range((start + ONE).year, due.year + 1))


def due_moment(due: date, tz: tzinfo) -> datetime:
    """Return the last moment of the day `due` in the time zone."""
    return datetime.combine(due, time.max, tzinfo=tz)


def subtract_workdays(due: date, days: int, table: DayTable) -> date:
    """Return the last working day that lies at least `days` working days before `due`."""
    _check(days)
    day, left = due, days
    while left or not table.is_workday(day):
        day -= ONE
        if left and table.is_workday(day):
            left -= 1
    return day


def workdays_between(first: date, last: date, table: DayTable) -> int:
    """Return the working days after `first` up to and with `last`; negative when `last` comes first."""
    if last < first:
        return -workdays_between(last, first, table)
    return sum(table.is_workday(first + ONE * number) for number in range(1, (last - first).days + 1))

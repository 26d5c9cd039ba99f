"""What kind of day each day is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

SATURDAY = 5


class CalendarError(ValueError):
    """A working-day table that contradicts itself."""


class DayKind(StrEnum):
    """The kinds of day; the local ones are exceptions of one city, a typhoon day for example."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    LOCAL_OFF = "local_off"
    LOCAL_ON = "local_on"


WORKING = frozenset({DayKind.WORKDAY, DayKind.MAKEUP, DayKind.LOCAL_ON})
LOCAL = frozenset({DayKind.LOCAL_OFF, DayKind.LOCAL_ON})
GAZETTED = frozenset({DayKind.HOLIDAY, DayKind.MAKEUP})


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A day that is not what its weekday says, with its name and the document that says so."""

    date: date
    kind: DayKind
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class DayTable:
    """All special days by date, and the years whose holidays are known."""

    days: Mapping[date, DayEntry] = field(default_factory=dict)
    loaded: frozenset[int] = frozenset()

    @classmethod
    def build(cls, days: Iterable[DayEntry], loaded_years: Iterable[int]) -> DayTable:
        """Build a table; where two entries share a day, the local one counts."""
        chosen: dict[date, DayEntry] = {}
        for entry in days:
            known = chosen.get(entry.date)
            if known is None or entry.kind in LOCAL:
                chosen[entry.date] = entry
        return cls(MappingProxyType(chosen), frozenset(loaded_years))

    def kind(self, day: date) -> DayKind:
        """Return the kind of a day; ordinary weekends count in years that are not loaded, too."""
        entry = self.days.get(day)
        if entry is not None:
            return entry.kind
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY

    def is_workday(self, day: date) -> bool:
        """Whether offices work on the day."""
        return self.kind(day) in WORKING

    def is_loaded(self, year: int) -> bool:
        """Whether the holidays of the year are known."""
        return year in self.loaded

    def name(self, day: date) -> str:
        """Return the name of a special day, empty for ordinary ones."""
        entry = self.days.get(day)
        return entry.name if entry else ""


def parse_year(document: Mapping[str, Any]) -> tuple[int, list[DayEntry]]:
    """Read the gazetted days of one year from a parsed table with keys year, source and day (list).

    Raises CalendarError for a day outside the year, a day named twice or a kind that is not gazetted;
    KeyError and TypeError for a table of another shape.
    """
    year = int(document["year"])
    entries = [_entry(row, str(document["source"])) for row in document["day"]]
    for entry in entries:
        if entry.date.year != year:
            message = f"{entry.date} does not lie in {year}."
            raise CalendarError(message)
        if entry.kind not in GAZETTED:
            message = f"{entry.date} is a {entry.kind}; a year's table holds holidays and makeup days only."
            raise CalendarError(message)
    if len({entry.date for entry in entries}) != len(entries):
        message = f"A day of {year} stands twice."
        raise CalendarError(message)
    return year, entries


def _entry(row: Mapping[str, Any], source: str) -> DayEntry:
    day = row["date"]
    if not isinstance(day, date):
        day = date.fromisoformat(day)
    return DayEntry(day, DayKind(row["kind"]), str(row["name"]["zh"]), source)

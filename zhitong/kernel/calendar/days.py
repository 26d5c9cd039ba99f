"""What kind of day each day is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

SATURDAY = 5


class CalendarError(ValueError):
    """A working-day table that contradicts itself, or a count that it cannot answer."""


class DayKind(StrEnum):
    """The kinds of day; the local ones are exceptions of one city, a typhoon day for example."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"
    LOCAL_OFF = "local_off"
    LOCAL_ON = "local_on"


KINDS = frozenset(DayKind)
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
        """Build a table from entries in any order; the local one of two that share a day counts.

        Raises CalendarError for two local or two gazetted entries of one day, and for an entry of a kind
        that follows from the weekday.
        """
        gazetted: dict[date, DayEntry] = {}
        local: dict[date, DayEntry] = {}
        for entry in days:
            check_date(entry.date)
            if entry.kind not in LOCAL | GAZETTED:
                raise CalendarError(f"{entry.date} needs no entry: {entry.kind} follows from the weekday.")
            same_rank = local if entry.kind in LOCAL else gazetted
            if entry.date in same_rank:
                raise CalendarError(f"{entry.date} stands twice in the working-day table.")
            same_rank[entry.date] = entry
        return cls(MappingProxyType(gazetted | local), frozenset(loaded_years))

    def kind(self, day: date) -> DayKind:
        """Return the kind of a day; ordinary weekends count in years that are not loaded, too."""
        check_date(day)
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
        check_date(day)
        entry = self.days.get(day)
        return entry.name if entry else ""


def check_date(day: date) -> None:
    """Raise CalendarError for a moment, which equals no date and so would pass for an ordinary day."""
    if isinstance(day, datetime):
        raise CalendarError(f"{day} is a moment; take its date in the city's time.")


def parse_year(document: Mapping[str, Any]) -> tuple[int, list[DayEntry]]:
    """Read the gazetted days of one year from a parsed table with keys year, source and day (list).

    A day has a date, a kind (holiday or makeup) and a name in Chinese and English, of which the entry holds
    the Chinese one. Raises CalendarError for a table of another shape, a day outside the year and a day named
    twice.
    """
    match document:
        case {"year": int(year), "source": str(source), "day": list(rows)} if MINYEAR <= year <= MAXYEAR:
            entries = [_entry(row, source) for row in rows]
        case _:
            raise CalendarError("A working-day table needs a year, a source and a list of days.")
    for entry in entries:
        if entry.date.year != year:
            raise CalendarError(f"{entry.date} does not lie in {year}.")
        if entry.kind not in GAZETTED:
            raise CalendarError(f"{entry.date} is {entry.kind}; a year's table knows holiday and makeup.")
    if len({entry.date for entry in entries}) != len(entries):
        raise CalendarError(f"A day of {year} stands twice.")
    return year, entries


def _entry(row: Any, source: str) -> DayEntry:
    match row:
        case {"date": day, "kind": str(kind), "name": {"zh": str(name), "en": str()}} if kind in KINDS:
            return DayEntry(_date(day), DayKind(kind), name, source)
    raise CalendarError(f"A day needs a date, a known kind and a name in zh and en, unlike {row}.")


def _date(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        day = None
    # Python reads 20260131 and 2026-W05-6, too; one way to write a day is enough.
    if day is None or day.isoformat() != value:
        raise CalendarError(f"{value} is no date; write it like 2026-01-31.")
    return day

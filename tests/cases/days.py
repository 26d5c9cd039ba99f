"""The city's days, worked out a second time: holidays, working weekends, when a clock runs out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone

CITY = timezone(timedelta(hours=8))
DAY = timedelta(days=1)


def _days(*spans: str) -> Iterator[date]:
    """Yield the days of spans such as 2026-02-15..23 or 2025-01-28..02-04."""
    for span in spans:
        first, _, last = span.partition("..")
        day = date.fromisoformat(first)
        end = date.fromisoformat(first[: -len(last)] + last) if last else day
        while day <= end:
            yield day
            day += DAY


HOLIDAYS = frozenset(
    _days("2026-01-01..03", "2026-02-15..23", "2026-04-04..06", "2026-05-01..05")
    ) | frozenset(
    _days("2026-06-19..21", "2026-09-25..27", "2026-10-01..07")
)  # fmt: skip
WORKING_WEEKENDS = frozenset(
    _days("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
)


@dataclass
class Calendar:
    """The city's days as the histories have edited them; knows 2026 by heart."""

    loaded: set[int] = field(default_factory=lambda: {2025, 2026})
    off: set[date] = field(default_factory=set)  # gazetted later, with another year
    on: set[date] = field(default_factory=set)
    local: dict[date, bool] = field(default_factory=dict)  # day -> works

    def works(self, day: date) -> bool:
        """Whether offices work on the day."""
        if day in self.local:
            return self.local[day]
        if day in HOLIDAYS or day in self.off:
            return False
        return day in WORKING_WEEKENDS or day in self.on or day.weekday() < 5

    def due(
        self, began: datetime, days: int, *, working: bool, pauses: Iterable[tuple[date, date]] = ()
    ) -> datetime:
        """The last moment of the day on which a clock runs out."""
        day = began.astimezone(CITY).date()
        while days:
            day += DAY
            paused = any(first <= day <= last for first, last in pauses)
            if not paused and (not working or self.works(day)):
                days -= 1
        while working and not self.works(day):  # no days at all: today, or the next working day
            day += DAY
        return self.end(day)

    @staticmethod
    def end(day: date) -> datetime:
        """The last moment of a day."""
        return datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=CITY).astimezone(UTC)

    def provisional(self, began: datetime, due: datetime, days: int) -> bool:
        """Whether a working-day clock reaches a year that is not loaded."""
        first = began.astimezone(CITY).date() + (DAY if days else timedelta(0))
        return any(year not in self.loaded for year in range(first.year, due.astimezone(CITY).year + 1))

"""Counting working days: from the next working day on, due at the end of the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from zhitong.kernel.calendar.days import WORKING, CalendarError, DayKind, DayTable, check_date

ONE = timedelta(days=1)
UNITS = ("workday", "day", "hour")

# The first and the last day of a pause: none of its days counts.
Pause = tuple[date, date]

# A day, its kind and its name (empty for an ordinary one): why it was counted or stepped over.
Reason = tuple[date, DayKind, str]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due day with its reasons: the days counted and the days stepped over.

    `unit` is workday, day or hour; `days` of that unit were given at first, `extra` by an extension. Hours
    run day and night from the moment `began` to the moment `ends`; a count of days has neither.
    `provisional` says that a day counted or stepped over lies in a year whose holidays are not known.
    `counted_reasons` names the counted days that are no ordinary working day, `paused` the days that would
    have counted but for `pauses`.
    """

    start: date
    days: int
    unit: str
    due: date
    provisional: bool
    counted: tuple[date, ...]
    skipped: tuple[Reason, ...]
    counted_reasons: tuple[Reason, ...] = ()
    extra: int = 0
    pauses: tuple[Pause, ...] = ()
    paused: tuple[date, ...] = ()
    began: datetime | None = None
    ends: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain data with ISO dates; what a plain count has not is left out."""
        plain: dict[str, Any] = {
            "start": self.start.isoformat(),
            "days": self.days,
            "unit": self.unit,
            "due": self.due.isoformat(),
            "provisional": self.provisional,
            "counted": [day.isoformat() for day in self.counted],
            "skipped": _plain(self.skipped),
            "counted_reasons": _plain(self.counted_reasons),
        }
        if self.extra:
            plain["extra"] = self.extra
        if self.pauses:
            plain["pauses"] = [[first.isoformat(), last.isoformat()] for first, last in self.pauses]
            plain["paused"] = [day.isoformat() for day in self.paused]
        if self.began and self.ends:
            plain["began"], plain["ends"] = self.began.isoformat(), self.ends.isoformat()
        return plain

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
            skipped=_reasons(stored["skipped"]),
            # Deadlines stored by earlier versions have none.
            counted_reasons=_reasons(stored.get("counted_reasons", ())),
            extra=stored.get("extra", 0),
            pauses=tuple(
                (date.fromisoformat(first), date.fromisoformat(last))
                for first, last in stored.get("pauses", ())
            ),
            paused=tuple(date.fromisoformat(day) for day in stored.get("paused", ())),
            began=_moment(stored.get("began")),
            ends=_moment(stored.get("ends")),
        )


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def _plain(reasons: Iterable[Reason]) -> list[list[str]]:
    return [[day.isoformat(), kind.value, name] for day, kind, name in reasons]


def _reasons(stored: Iterable[Iterable[str]]) -> tuple[Reason, ...]:
    return tuple((date.fromisoformat(day), DayKind(kind), name) for day, kind, name in stored)


def add_workdays(
    start: date, days: int, table: DayTable, *, extra: int = 0, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Count `days` and `extra` working days after `start`, none of them in a pause.

    With 0, `start` itself is due if it is a working day, else the next. Raises CalendarError for negative
    days, a pause that ends before it begins, and a count that leaves the calendar.
    """
    return _count(start, days, table, "workday", extra=extra, pauses=tuple(pauses))


def add_natural_days(
    start: date, days: int, table: DayTable, *, extra: int = 0, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Count `days` and `extra` calendar days after `start`, none in a pause; nothing is provisional."""
    return _count(start, days, table, "day", extra=extra, pauses=tuple(pauses))


def add_hours(
    began: datetime, hours: int, tz: tzinfo, *, extra: int = 0, pauses: Iterable[Pause] = ()
) -> Deadline:
    """Count `hours` and `extra` hours day and night after `began`, none on a day in a pause.

    The days of the result are those of the time zone; nothing is provisional. Raises CalendarError for
    negative hours, a pause that ends before it begins, and a count that leaves the calendar.
    """
    start, pauses = began.astimezone(tz).date(), tuple(pauses)
    _check(start, min(hours, extra))
    _check_pauses(pauses)
    paused = tuple(
        sorted({first + ONE * day for first, last in pauses for day in range((last - first).days + 1)})
    )
    try:
        ends = began + timedelta(hours=hours + extra + 24 * len(paused))
        due = ends.astimezone(tz).date()
    except OverflowError as error:
        raise CalendarError(f"{hours + extra} hours from {began} lie outside the calendar.") from error
    return Deadline(
        start,
        hours,
        "hour",
        due,
        provisional=False,
        counted=(),
        skipped=(),
        extra=extra,
        pauses=pauses,
        paused=paused,
        began=began,
        ends=ends,
    )


def _count(
    start: date, days: int, table: DayTable, unit: str, *, extra: int, pauses: tuple[Pause, ...]
) -> Deadline:
    total = days + extra
    _check(start, min(days, extra))
    _check_pauses(pauses)
    _shift(start, total)  # refuses at once what would be refused after millions of steps
    first = _shift(start, 1) if total else start
    counted: list[Reason] = []
    skipped: list[Reason] = []
    paused: list[date] = []
    for reason in _walk(first, table):
        if unit == "workday" and reason[1] not in WORKING:
            skipped.append(reason)
        elif any(begin <= reason[0] <= end for begin, end in pauses):
            paused.append(reason[0])
        else:
            counted.append(reason)
        if len(counted) == max(total, 1):
            break
    due = counted[-1][0]
    del counted[total:]  # with 0 days even the due day is not counted
    years = range(first.year, due.year + 1)
    return Deadline(
        start,
        days,
        unit,
        due,
        provisional=unit == "workday" and not all(table.is_loaded(year) for year in years),
        counted=tuple(day for day, _, _ in counted),
        skipped=tuple(skipped),
        counted_reasons=tuple(reason for reason in counted if reason[1] != DayKind.WORKDAY)
        if unit == "workday"
        else (),
        extra=extra,
        pauses=pauses,
        paused=tuple(paused),
    )


def _check_pauses(pauses: Iterable[Pause]) -> None:
    for first, last in pauses:
        check_date(first)
        check_date(last)
        if last < first:
            raise CalendarError(f"A pause from {first} cannot end on {last}.")


def _walk(day: date, table: DayTable) -> Iterator[Reason]:
    while True:
        yield day, table.kind(day), table.name(day)
        day = _shift(day, 1)


def _check(day: date, days: int) -> None:
    check_date(day)
    if days < 0:
        raise CalendarError(f"The number of days must be 0 or more, not {days}.")


def _shift(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise CalendarError(f"{days} days from {day} lie outside the calendar.") from error


def due_moment(due: date, tz: tzinfo) -> datetime:
    """Return the last moment of the day `due` in the time zone."""
    return datetime.combine(due, time.max, tzinfo=tz)


def subtract_workdays(due: date, days: int, table: DayTable) -> date:
    """Return the last working day with at least `days` working days after it up to and with `due`.

    On that day at the latest must be asked what must be asked `days` working days before `due`. Raises
    CalendarError for negative days and for a count that leaves the calendar.
    """
    _check(due, days)
    _shift(due, -days)
    day, passed = due, 0
    while passed < days or not table.is_workday(day):
        passed += table.is_workday(day)
        day = _shift(day, -1)
    return day


def workdays_between(first: date, last: date, table: DayTable) -> int:
    """Return the working days after `first` up to and with `last`; negative when `last` comes first."""
    check_date(first)
    check_date(last)
    if last < first:
        return -workdays_between(last, first, table)
    return sum(table.is_workday(first + ONE * number) for number in range(1, (last - first).days + 1))

"""Changes to the tables of the core: the calendar and stored files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions, slots
from zhitong.core.errors import FieldError
from zhitong.core.models import CalendarDay, CalendarYear, Upload
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import parse_year

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.core.uploads.inspect import Inspected


@service("calendar.load_year")
def load_year(work: Work, *, by: Actor, now: datetime, document: dict[str, Any]) -> CalendarYear:
    """Replace the gazetted days of one year by those of `document` and move the deadlines they touch."""
    permissions.require(by, "calendar.edit")
    year, entries = parse_year(document)
    old = CalendarDay.objects.filter(date__year=year, local=False)
    touched = set(old.values_list("date", flat=True)) | {entry.date for entry in entries}
    first_load = not CalendarYear.objects.filter(year=year).exists()
    old.delete()
    names = {str(row["date"]): row["name"] for row in document["day"]}
    CalendarDay.objects.bulk_create(
        CalendarDay(
            date=entry.date,
            kind=entry.kind,
            name_zh=names[entry.date.isoformat()]["zh"],
            name_en=names[entry.date.isoformat()]["en"],
            source=document["source"],
        )
        for entry in entries
    )
    row, _ = CalendarYear.objects.update_or_create(
        year=year, defaults={"source": document["source"], "loaded_at": now}
    )
    moved = _recompute(by, now, touched if not first_load else {*touched, *_year_ends(year)})
    work.record(row, days=len(entries), deadlines_moved=moved)
    return row


def _year_ends(year: int) -> set[date]:
    from datetime import date as day  # noqa: PLC0415 - the name is a parameter elsewhere

    # Loading a year ends the provisional deadlines that reach into it, whatever its holidays are.
    return {day(year, 1, 1), day(year, 12, 31)}


@service("calendar.set_local_day")
def set_local_day(  # noqa: PLR0913 - the fields of one entry
    work: Work, *, by: Actor, now: datetime, date: date, kind: str, name_zh: str, name_en: str, source: str
) -> CalendarDay:
    """Declare a day off or on for the city (a typhoon day, say) and move the deadlines it touches."""
    permissions.require(by, "calendar.edit")
    if CalendarDay.objects.filter(date=date, local=True).exists():
        raise FieldError("date", gettext_noop("This day already has a local exception. Remove it first."))
    row = CalendarDay.objects.create(
        date=date, kind=kind, name_zh=name_zh, name_en=name_en or name_zh, source=source, local=True
    )
    moved = _recompute(by, now, {date})
    work.record(row, date=date, kind=kind, reason=source, deadlines_moved=moved)
    return row


@service("calendar.remove_local_day")
def remove_local_day(work: Work, *, by: Actor, now: datetime, day: CalendarDay) -> CalendarYear | None:
    """Take a local exception back and move the deadlines it touched."""
    permissions.require(by, "calendar.edit")
    work.record(day, date=day.date, kind=day.kind)
    date = day.date
    day.delete()
    _recompute(by, now, {date})
    return None


def _recompute(by: Actor, now: datetime, days: Iterable[date]) -> int:
    touched = frozenset(days)
    return sum(recompute(by=by, now=now, days=touched) for recompute in slots.recomputers)


def keep_uploads(
    work: Work, *, files: Iterable[Inspected], subject: str, visible_to_firm: bool = True
) -> list[Upload]:
    """Store examined files as rows that hang on `subject`, inside the caller's service."""
    rows = [
        Upload(
            owner=work.by.principal,
            subject=subject,
            visible_to_firm=visible_to_firm,
            kind=file.kind,
            mime=file.mime,
            name=file.name,
            size=file.size,
            sha256=file.sha256,
            path=file.path.name,
            thumbnail=file.thumbnail.name if file.thumbnail else "",
            created_at=work.now,
        )
        for file in files
    ]
    return Upload.objects.bulk_create(rows)


def move_uploads(work: Work, *, subject: str, to: str) -> int:
    """Hang the files of one row on another, inside the caller's service; return how many moved."""
    del work  # nothing but a service has one
    return Upload.objects.filter(subject=subject).update(subject=to)


def check_year(document: dict[str, Any]) -> None:
    """Raise ValueError unless `document` is a whole working-day table whose texts the database can hold."""
    parse_year(document)
    texts = [("source", document["source"])]
    texts += [
        (f"name_{language}", row["name"][language]) for row in document["day"] for language in ("zh", "en")
    ]
    for column, text in texts:
        longest = CalendarDay._meta.get_field(column).max_length  # noqa: SLF001 - Django's public name
        if len(text) > longest or not text.isprintable():
            message = f"{column} is a printable text of at most {longest} characters."
            raise ValueError(message)

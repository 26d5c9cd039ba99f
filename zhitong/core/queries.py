"""Reading the tables of the core."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.http import Http404

from zhitong.core.actor import ADMIN_ROLES, Role
from zhitong.core.models import AuditEvent, CalendarDay, CalendarYear, OutboxMessage, Upload
from zhitong.core.prepared import prepared
from zhitong.kernel.calendar import DayEntry, DayKind, DayTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor

WINDOW = timedelta(days=400)


def day_table(around: date) -> DayTable:
    """Return the working-day table for deadlines that begin near `around` (400 days to both sides)."""
    return _table(tuple(_days(around - WINDOW, around + WINDOW)), tuple(_years()))


@prepared
def _days(first: date, last: date) -> QuerySet[CalendarDay, tuple[date, str, str, str]]:
    rows = CalendarDay.objects.filter(date__range=(first, last))
    return rows.values_list("date", "kind", "name_zh", "source")


@prepared
def _years() -> QuerySet[CalendarYear, int]:
    return CalendarYear.objects.values_list("year", flat=True)


@lru_cache(maxsize=64)  # every page with a clock asks for a table, nearly always of the same days
def _table(days: tuple[tuple[date, str, str, str], ...], years: tuple[int, ...]) -> DayTable:
    entries = [DayEntry(day, DayKind(kind), name, source) for day, kind, name, source in days]
    return DayTable.build(entries, years)


def calendar_days(year: int) -> QuerySet[CalendarDay]:
    """The special days of a year, in order."""
    return CalendarDay.objects.filter(date__year=year).order_by("date", "local")


def calendar_years() -> QuerySet[CalendarYear]:
    """The loaded years, newest first."""
    return CalendarYear.objects.order_by("-year")


def local_day(pk: int) -> CalendarDay:
    """Return a local exception; 404 for a gazetted day."""
    day = CalendarDay.objects.filter(pk=pk, local=True).first()
    if day is None:
        raise Http404
    return day


def uploads_of(subject: str, *, firm: bool = False) -> QuerySet[Upload]:
    """The files that hang on a row; for a firm only those meant for it."""
    rows = Upload.objects.filter(subject=subject)
    return rows.filter(visible_to_firm=True) if firm else rows


def uploads_of_many(subjects: Iterable[str], *, firm: bool = False) -> list[Upload]:
    """Return the files that hang on any of the rows; for a firm only those meant for it."""
    return (_for_firm if firm else _uploads)(tuple(subjects))


@prepared
def _uploads(subjects: tuple[str, ...]) -> QuerySet[Upload]:
    return Upload.objects.filter(subject__in=subjects)


@prepared
def _for_firm(subjects: tuple[str, ...]) -> QuerySet[Upload]:
    return Upload.objects.filter(subject__in=subjects, visible_to_firm=True)


def upload(pk: str) -> Upload:
    """Return a file's row; 404 if there is none. The caller checks the subject."""
    row = Upload.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def audit_events(actor: Actor) -> QuerySet[AuditEvent]:
    """The audit log for those who may read it (audit administrators), newest first; nothing for others."""
    rows = AuditEvent.objects.order_by("-id")
    return rows if Role.AUDIT_ADMIN in actor.roles else rows.none()


def outbox_troubles(actor: Actor) -> QuerySet[OutboxMessage]:
    """Messages that could not be delivered, for administrators."""
    rows = OutboxMessage.objects.exclude(state=OutboxMessage.DONE).filter(attempts__gt=0).order_by("-id")
    return rows if actor.roles & ADMIN_ROLES else rows.none()

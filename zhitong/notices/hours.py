"""Quiet hours and the times of digests, in the city's time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date

if TYPE_CHECKING:
    from zhitong.notices.models import Preference
    from zhitong.notices.states import Table

ONE = timedelta(days=1)
LONGEST = 60  # days until a working day must have come; longer holidays do not exist


def quiet_until(table: Table, preference: Preference, now: datetime) -> datetime | None:
    """Return when the quiet hours that run now end, or None; a person's own outrank the city's."""
    own = preference.quiet_from is not None and preference.quiet_to is not None
    begins = preference.quiet_from if own else table.moment("quiet", "from")
    ends = preference.quiet_to if own else table.moment("quiet", "to")
    at, today = timezone.localtime(now).time(), local_date(now)
    if begins <= ends:
        return _moment(today, ends) if begins <= at < ends else None
    if at >= begins:
        return _moment(today + ONE, ends)
    return _moment(today, ends) if at < ends else None


def digest_due(table: Table, now: datetime) -> bool:
    """Whether digests go out now: on a working day, from their time on."""
    today = local_date(now)
    late = timezone.localtime(now).time() >= table.moment("digest", "at")
    return late and core_queries.day_table(today).is_workday(today)


def next_digest(table: Table, now: datetime) -> datetime:
    """Return when the next digest after a moment goes out."""
    at, day = table.moment("digest", "at"), local_date(now)
    days = core_queries.day_table(day)
    for step in range(LONGEST):
        moment = _moment(day + ONE * step, at)
        if moment > now and days.is_workday(day + ONE * step):
            return moment
    return _moment(day + ONE, at)  # a calendar without working days must not keep messages for ever


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())

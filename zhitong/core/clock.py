"""The only clock of the web side: views and commands ask here and hand the answer down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date, datetime


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def local_date(moment: datetime) -> date:
    """Return the calendar day on which a moment falls for the city."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()

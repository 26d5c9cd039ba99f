"""Running numbers without gaps of their own making: one conditional update a number."""

from __future__ import annotations

from django.db.models import F

from zhitong.core.models import NumberSeries


def take(series: str, year: int) -> int:
    """Return the next number of a series in a year; call it inside the transaction that uses it."""
    row = NumberSeries.objects.filter(name=series, year=year)
    if not row.update(last=F("last") + 1):
        NumberSeries.objects.get_or_create(name=series, year=year)
        row.update(last=F("last") + 1)
    return row.values_list("last", flat=True).get()

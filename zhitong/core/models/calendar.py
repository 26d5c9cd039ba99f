"""Working days as an editable table."""

from __future__ import annotations

from django.db import models


class CalendarYear(models.Model):
    """A year whose holidays have been loaded; deadlines that reach other years are provisional."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is not what its weekday says; a local exception outranks a gazetted day."""

    date = models.DateField()
    kind = models.CharField(max_length=12)
    name_zh = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200)
    local = models.BooleanField(default=False)

    class Meta:
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["date", "local"], name="calendar_one_entry_a_day"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["holiday", "makeup"], local=False)
                | models.Q(kind__in=["local_off", "local_on"], local=True),
                name="calendar_kind_fits_its_origin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"

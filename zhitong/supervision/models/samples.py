"""Closed cases that are drawn by lot and checked again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhitong.supervision.states import Finding, How

UNDONE = Q(found_at__isnull=True, checker__isnull=True, how="", finding="", text="")
DONE = Q(found_at__isnull=False, checker__isnull=False, how__in=How.values, finding__in=Finding.values)


class Sample(models.Model):
    """One drawing: from which cases, with which seed; a period of a unit is drawn once."""

    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="samples")
    since = models.DateField()
    until = models.DateField()  # the last day
    seed = models.CharField(max_length=64)
    numbers = models.JSONField()  # of all cases that could be drawn, sorted
    digest = models.CharField(max_length=64)
    percent = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "since", "until"], name="a_period_of_a_unit_is_drawn_once"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="a_sample_has_a_period"),
            models.CheckConstraint(condition=~Q(seed="") & ~Q(digest=""), name="a_sample_can_be_drawn_again"),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.since}-{self.until}"


class Check(models.Model):
    """One case that was drawn, and what somebody without a hand in it found."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="checks")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="checks")
    place = models.PositiveIntegerField()  # in the order of the lot, from 1
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    how = models.CharField(max_length=8, choices=How.choices, blank=True)
    finding = models.CharField(max_length=8, choices=Finding.choices, blank=True)
    text = models.TextField(blank=True)
    found_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sample", "place"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "case"], name="a_case_is_drawn_once"),
            models.CheckConstraint(condition=UNDONE | (DONE & ~Q(text="")), name="a_check_is_whole_or_open"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.finding}"

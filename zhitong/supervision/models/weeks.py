"""What is to be cleared within a week: frozen when it begins; how it stands the cases say themselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from zhitong.supervision.states import WORDS, Why


class WeekList(models.Model):
    """The cases that one unit which takes cases in wants cleared within one week."""

    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="weeks")
    monday = models.DateField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # the first moment that does not belong to the week
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-monday", "department"]
        constraints = [
            models.UniqueConstraint(fields=["department", "monday"], name="a_week_of_a_unit_has_one_list"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("made_at")), name="a_list_is_made_in_its_week"),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.monday}"


class WeekItem(models.Model):
    """One case on a list: why it stands there, what its unit says, and who took it off."""

    week = models.ForeignKey(WeekList, on_delete=models.PROTECT, related_name="items")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="week_items")
    why = models.CharField(max_length=8, choices=Why.choices)
    weeks = models.PositiveSmallIntegerField(default=1)  # on how many lists in a row, this one among them
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_text = models.CharField(max_length=WORDS, blank=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(null=True, blank=True)
    said_text = models.CharField(max_length=WORDS, blank=True)  # why it is not cleared yet, and what is next
    next_day = models.DateField(null=True, blank=True)  # until when the unit wants to have it cleared
    off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    off_at = models.DateTimeField(null=True, blank=True)
    off_text = models.CharField(max_length=WORDS, blank=True)

    class Meta:
        ordering = ["week", "id"]
        constraints = [
            models.UniqueConstraint(fields=["week", "case"], name="a_case_stands_once_on_a_list"),
            models.CheckConstraint(condition=Q(why__in=Why.values), name="a_reason_to_clear_is_known"),
            models.CheckConstraint(
                condition=Q(why="added", added_by__isnull=False) & ~Q(added_text="")
                | ~Q(why="added") & Q(added_by__isnull=True, added_text=""),
                name="an_added_case_has_its_reason",
            ),
            models.CheckConstraint(condition=Q(weeks__gte=1), name="a_listed_case_counts_its_week"),
            models.CheckConstraint(
                condition=Q(said_at__isnull=True, said_by__isnull=True, said_text="", next_day__isnull=True)
                | Q(said_at__isnull=False, said_by__isnull=False, next_day__isnull=False) & ~Q(said_text=""),
                name="a_word_on_a_listed_case_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(off_at__isnull=True, off_by__isnull=True, off_text="")
                | Q(off_at__isnull=False, off_by__isnull=False) & ~Q(off_text=""),
                name="taken_off_a_list_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.week_id} {self.case_id}"

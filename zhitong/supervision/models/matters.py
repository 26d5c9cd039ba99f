"""A supervised matter, and the cases that it is about."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.supervision.states import SPOKEN, Kind, Medium


class Matter(models.Model):
    """One instruction or order; it is open while a task of it is."""

    number = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    medium = models.CharField(max_length=6, choices=Medium.choices)
    title = models.CharField(max_length=80, blank=True)
    text = models.TextField(blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(medium__in=SPOKEN),
                name="a_written_matter_says_something",
            ),
            models.CheckConstraint(
                condition=~models.Q(title="") | models.Q(text=""), name="a_matter_with_a_text_has_a_title"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="matter_kind_known"),
            models.CheckConstraint(condition=models.Q(medium__in=Medium.values), name="matter_medium_known"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def label(self) -> str:
        """The title; while there is none, how the word was given."""
        return self.title or f"{self.get_kind_display()} ({self.get_medium_display()})"


class MatterCase(models.Model):
    """A case that a matter is about; shown only to those who see the case."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="links")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="matters")

    class Meta:
        ordering = ["matter", "id"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "case"], name="a_case_is_linked_once_a_matter")
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.case_id}"

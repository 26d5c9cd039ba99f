"""What people said a case is about, beside what its words had suggested; never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.models.case import Case


class CategoryChoice(models.Model):
    """Somebody determined the category of a case; whether the suggestion was taken can be counted."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="category_choices")
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.CharField(max_length=30, blank=True)
    category = models.CharField(max_length=30, blank=True)  # empty: the first choice was taken back
    suggested = models.CharField(max_length=30, blank=True)  # empty: the words suggested nothing
    source = models.CharField(max_length=12, blank=True)  # the model that suggested it; empty: words did
    words = models.JSONField(default=list)  # of the text, which made the suggestion
    tree = models.PositiveSmallIntegerField()  # the version of the categories and their words

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(category=models.F("before")), name="a_choice_changes_the_category"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.category}"

    @property
    def taken(self) -> bool:
        """Whether it is what the words had suggested."""
        return bool(self.category) and self.category == self.suggested

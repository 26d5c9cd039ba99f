"""Ratings of answered cases."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.feedback.states import Grade


class Rating(models.Model):
    """One firm's rating of one answer; a case that was reopened is answered and rated again."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField(default=0)  # how often the case had been reopened
    grade = models.PositiveSmallIntegerField(choices=Grade.choices)
    comment = models.TextField(blank=True)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["case", "round"]
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="an_answer_is_rated_once"),
            models.CheckConstraint(condition=models.Q(grade__range=(1, 5)), name="a_rating_has_1_to_5_stars"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.grade}"

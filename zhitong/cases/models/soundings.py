"""Units that are asked before the dispatch whether a matter is their own."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.models.case import Case
from zhitong.cases.states import DutyAnswer


class Sounding(models.Model):
    """One unit's question and answer; it ends with the answer, or when the case is dispatched without it.

    The case does not change with it. Who has not answered has not said no.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="soundings")
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="soundings")
    question = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline = models.JSONField()
    provisional = models.BooleanField(default=False)
    answer = models.CharField(max_length=10, blank=True, choices=DutyAnswer.choices)
    basis = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(
        null=True, blank=True
    )  # the dispatcher, that nothing is waited for any more
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["case", "id"]
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                condition=models.Q(ended_at__isnull=True),
                name="open_soundings",
            ),
            models.Index(
                fields=["due_at"], condition=models.Q(told_at__isnull=True), name="untold_soundings"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_sounding_a_department",
            ),
            models.CheckConstraint(condition=~models.Q(question=""), name="a_sounding_asks_something"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | models.Q(
                    answer__in=DutyAnswer.values,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                    ended_at__isnull=False,
                ),
                name="an_answered_sounding_has_ended",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="not_ours") | ~models.Q(basis=""),
                name="not_ours_names_its_basis",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department_id} {self.answer}"

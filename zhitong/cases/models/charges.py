"""With which cases units were charged, until when they were to take them up, and when they did."""

from __future__ import annotations

from django.db import models

from zhitong.cases.models.case import Case


class Charge(models.Model):
    """A unit was given a case: it takes it up or objects within its time, or the case goes elsewhere.

    The stretches say the same at greater length; this is the short table that figures are counted from.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="charges")
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    taken = models.BooleanField(default=False)  # it ended because the unit took the case up

    class Meta:
        ordering = ["case", "id"]
        indexes = [models.Index(fields=["at"], name="charges_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(ended_at__isnull=True),
                name="one_unit_is_charged_with_a_case",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, taken=False)
                | models.Q(ended_at__isnull=False, ended_at__gte=models.F("at")),
                name="a_charge_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department_id}"

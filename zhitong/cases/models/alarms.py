"""Red lamps that were told to somebody else."""

from __future__ import annotations

from django.db import models

from zhitong.cases.models.assists import Assist
from zhitong.cases.models.case import Case


class Alarm(models.Model):
    """A step of the ladder that a clock has climbed: told once, to whom, when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="alarms")
    # The helping department's part that is late; without one it is the case itself.
    assist = models.ForeignKey(Assist, null=True, blank=True, on_delete=models.PROTECT, related_name="alarms")
    clock = models.CharField(max_length=20)
    clock_started_at = models.DateTimeField()
    overdue = (
        models.PositiveSmallIntegerField()
    )  # working days after the deadline, hours where a clock counts hours
    role = models.CharField(max_length=20)
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock", "clock_started_at", "overdue"],
                condition=models.Q(assist__isnull=True),
                name="a_clock_climbs_a_step_once",
            ),
            models.UniqueConstraint(
                fields=["assist", "clock", "overdue"],
                condition=models.Q(assist__isnull=False),
                name="a_part_climbs_a_step_once",
            ),
            models.CheckConstraint(condition=models.Q(overdue__gt=0), name="an_alarm_is_late"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.clock} +{self.overdue}"

"""What a department asks of the intake unit, and the stages of what was put on the plan."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.models.case import Case
from zhitong.cases.states import Asking, Decision


class Ask(models.Model):
    """A request for more time: an extension, a suspension or a place on the plan; one open a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="asks")
    kind = models.CharField(max_length=12, choices=Asking.choices)
    reason = models.TextField()
    # extension: days; suspension: until; plan: grade and stages (list of goal and due)
    wanted = models.JSONField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(decision=""), name="one_open_request_a_case"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at__isnull=True)
                | ~models.Q(decision="") & models.Q(decided_at__isnull=False),
                name="a_decided_request_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Asking.values), name="request_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(decision__in=["", *Decision.values]), name="request_decided_in_a_known_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Stage(models.Model):
    """A stage of a case that was put on the plan: what will be there, and by when."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stages")
    ask = models.ForeignKey(Ask, on_delete=models.PROTECT, related_name="stages")
    seq = models.PositiveSmallIntegerField()
    goal = models.CharField(max_length=200)
    due = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["case", "ask", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["ask", "seq"], name="stages_are_numbered"),
            models.CheckConstraint(condition=~models.Q(goal=""), name="a_stage_has_a_goal"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.goal}"

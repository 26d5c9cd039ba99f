"""Telephone calls that an urgent case makes necessary: who rings whom, until when, with what result."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.models.case import Case
from zhitong.cases.states import CallState, Whom


class Call(models.Model):
    """One call that somebody of a unit has to make; without a callee the firm is rung."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="calls")
    whom = models.CharField(max_length=4, choices=Whom.choices)
    caller = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="+")
    callee = models.ForeignKey(
        "orgs.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=40)  # the message that made it necessary
    state = models.CharField(max_length=8, choices=CallState.choices, default=CallState.OPEN)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    alarm_at = models.DateTimeField(null=True, blank=True)  # when somebody above was told that nobody calls
    attempts = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "whom", "source"], name="a_call_is_asked_for_once"),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at__isnull=True)
                | (~models.Q(state="open") & models.Q(ended_at__isnull=False)),
                name="a_call_is_open_until_it_ends",
            ),
            models.CheckConstraint(condition=models.Q(state__in=CallState.values), name="call_state_known"),
            models.CheckConstraint(
                condition=models.Q(whom="firm", callee__isnull=True)
                | models.Q(whom="unit", callee__isnull=False),
                name="a_unit_that_is_called_has_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.whom} {self.state}"

"""What departments other than the lead do for a case: each with its own person, clock and status."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.models.case import Case
from zhitong.cases.states import OPEN_ASSISTS, AssistState


class Assist(models.Model):
    """One department's part in a case that another department leads."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assists")
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="assists")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="assists"
    )
    wanted = models.TextField()
    state = models.CharField(max_length=10, choices=AssistState.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline = models.JSONField()
    provisional = models.BooleanField(default=False)
    insisted = models.BooleanField(default=False)  # after an objection was not upheld there is no second one
    # While it is objected to: until when that is decided. The part's own clock runs on.
    decide_due_at = models.DateTimeField(null=True, blank=True)
    decide_deadline = models.JSONField(default=dict)
    decide_provisional = models.BooleanField(default=False)
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_for = models.BooleanField(default=False)  # the department's own word, entered by `replied_by`
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["case", "id"]
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                condition=models.Q(ended_at__isnull=True),
                name="open_assists",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "department"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_assist_a_department",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_ASSISTS, ended_at__isnull=True)
                | (~models.Q(state__in=OPEN_ASSISTS) & models.Q(ended_at__isnull=False)),
                name="an_assist_runs_until_it_ends",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="answered") | ~models.Q(reply=""),
                name="an_answered_assist_says_something",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=AssistState.values), name="assist_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="returned", decide_due_at__isnull=False)
                | (~models.Q(state="returned") & models.Q(decide_due_at__isnull=True)),
                name="an_objection_is_decided_by_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_for=False) | models.Q(state="answered"),
                name="only_a_reply_is_entered_for_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.department_id} {self.state}"

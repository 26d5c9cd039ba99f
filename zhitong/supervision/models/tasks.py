"""What a unit has to do by a matter, what it reports, and what happened to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from zhitong.core.actor import is_system
from zhitong.supervision.models.matters import Matter
from zhitong.supervision.states import OPEN_TASKS, TaskState


class Task(models.Model):
    """One unit's share of a matter, with its own clock and status."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="tasks")
    department = models.ForeignKey(
        "orgs.Department", on_delete=models.PROTECT, related_name="supervised_tasks"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=TaskState.choices)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline = models.JSONField()
    provisional = models.BooleanField(default=False)
    overdue_told_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["matter", "id"]
        indexes = [
            models.Index(
                fields=["department", "due_at"],
                condition=models.Q(ended_at__isnull=True),
                name="open_supervised_tasks",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "department"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_task_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_TASKS, ended_at__isnull=True)
                | (~models.Q(state__in=OPEN_TASKS) & models.Q(ended_at__isnull=False)),
                name="an_ended_task_has_its_day",
            ),
            models.CheckConstraint(condition=models.Q(state__in=TaskState.values), name="task_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["reported", "cleared"])
                | models.Q(reported_at__isnull=False, reported_by__isnull=False),
                name="a_closed_task_was_reported",
            ),
            models.CheckConstraint(
                condition=models.Q(state="cleared", cleared_by__isnull=False)
                | (~models.Q(state="cleared") & models.Q(cleared_by__isnull=True)),
                name="a_cleared_task_names_who_cleared_it",
            ),
            models.CheckConstraint(
                condition=models.Q(cleared_by__isnull=True) | ~models.Q(cleared_by=models.F("reported_by")),
                name="nobody_clears_their_own_report",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.department_id} {self.state}"


class Report(models.Model):
    """What a unit says about its task: progress, or that it is done."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    closing = models.BooleanField(default=False)
    text = models.TextField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="a_report_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.at:%Y-%m-%d}"


class Line(models.Model):
    """One line of a task's history; never changed."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="lines")
    at = models.DateTimeField()
    action = models.CharField(max_length=20)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_label = models.CharField(max_length=100)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.action}"

    @property
    def who(self) -> str:
        """Who did it, in the reader's language where it was nobody."""
        nobody = self.by_user_id is None and is_system(self.by_label)
        return gettext("The system") if nobody else self.by_label

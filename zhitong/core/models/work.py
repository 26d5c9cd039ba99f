"""The rows that make one transaction of a service whole: key, outbox, number, schedule."""

from __future__ import annotations

from django.db import models


class IdempotencyKey(models.Model):
    """A form's one-time key, stored with its effect, so that a repeat finds the first result."""

    principal = models.CharField(max_length=100)
    key = models.CharField(max_length=64)
    action = models.CharField(max_length=60)
    fingerprint = models.CharField(max_length=64)
    result = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="idempotency_once_a_principal")
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"


class OutboxMessage(models.Model):
    """Something to be told after commit: delivered once, retried with growing pauses, given up openly."""

    PENDING, DONE, DEAD = "pending", "done", "dead"

    topic = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="pending"), name="outbox_waiting"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | models.Q(state__in=["pending", "dead"], done_at__isnull=True),
                name="outbox_done_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.state}"


class ScheduleRun(models.Model):
    """One due time of one schedule; the unique pair lets only one ticker run it."""

    name = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "due_at"], name="schedule_once_a_due_time")]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"


class NumberSeries(models.Model):
    """The last number given out in a series and year; taken by one conditional update."""

    name = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="number_one_row_a_year")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}: {self.last}"

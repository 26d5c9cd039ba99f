"""What happened, kept append-only and sealed into a hash chain."""

from __future__ import annotations

from django.db import models


class AuditEvent(models.Model):
    """One thing somebody did or was refused; triggers forbid changing or deleting a row."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    actor_label = models.CharField(max_length=100, blank=True)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=80, blank=True)
    tenant = models.BigIntegerField(null=True, blank=True)
    result = models.CharField(max_length=10, choices=[("done", "done"), ("refused", "refused")])
    payload = models.TextField()
    request_id = models.CharField(max_length=40, blank=True)
    mac = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["target", "id"], name="audit_by_target")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result__in=["done", "refused"]), name="audit_result_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action} {self.target}"


class AuditSeal(models.Model):
    """A link of the chain: the event's place in it and the hash over the event and the link before."""

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq}: {self.digest[:12]}"

"""What other programs need: their keys, and what has changed since they last asked."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """The key of another program, kept as a digest; it may do what its scopes say, until a day."""

    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=12)  # its first letters, to tell keys apart
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    regions = models.JSONField(default=list)  # codes whose firms it may see
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)
    # The minute in which the program asked last, and how often in it.
    minute = models.DateTimeField(null=True, blank=True)
    asked = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="a_key_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hint}"


class EnterpriseChange(models.Model):
    """That something about a firm changed; other programs read these in the order of their numbers."""

    enterprise = models.BigIntegerField()  # plain: the note of a deletion outlives the firm
    code = models.CharField(max_length=18)
    region = models.CharField(
        max_length=12, blank=True, default=""
    )  # where the firm lay; says who hears that it went
    action = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["enterprise", "id"], name="changes_of_a_firm")]

    def __str__(self) -> str:
        return f"{self.pk} {self.code} {self.action}"

"""A firm as far as a case needs it, and its members."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.core.actor import FIRM_ROLES


class Enterprise(models.Model):
    """A firm by its unified social credit code (GB 32100-2015)."""

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=12)
    address = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["region"], name="firms_by_region")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's seat in a firm; one person may sit in several firms of a group."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "enterprise"],
                condition=models.Q(until__isnull=True),
                name="a_seat_is_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(FIRM_ROLES)), name="a_seat_has_a_firm_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.enterprise}"

"""The ledger of contacts with a firm, and the counters that keep them rare."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.enterprises.models.firms import Enterprise
from zhitong.enterprises.words import ContactKind, ContactState
from zhitong.orgs.models import Department


class Contact(models.Model):
    """One time the office comes to a firm or asks it something: who, why, when, and on whose call."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    state = models.CharField(max_length=10, choices=ContactState.choices)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    day = models.DateField()
    reason = models.CharField(max_length=200)
    matter = models.CharField(max_length=60, blank=True)  # number of the case on which the firm called
    joined = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joint_with"
    )
    excused = models.CharField(max_length=200, blank=True)  # why a cap does not hold here
    counted = models.JSONField(default=list)  # the counters this contact was counted in
    note = models.CharField(max_length=500, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-day", "-id"]
        indexes = [
            models.Index(fields=["enterprise", "day"], name="contacts_of_a_firm"),
            models.Index(fields=["department", "day"], name="contacts_of_a_department"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=ContactKind.values, state__in=ContactState.values),
                name="contact_kind_and_state_known",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_contact_has_a_reason"),
            models.CheckConstraint(
                condition=models.Q(joined__isnull=True) | ~models.Q(joined=models.F("id")),
                name="no_contact_joins_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.day}"


class ContactCount(models.Model):
    """How often a cap was used for a firm within one stretch of time; moved by conditional updates only."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="contact_counts")
    cap = models.CharField(max_length=40)
    stretch = models.CharField(max_length=30)
    used = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["enterprise", "cap", "stretch"]
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "cap", "stretch"], name="one_counter_a_stretch"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.cap} {self.stretch}: {self.used}"

"""The people of a firm: who sits in it with an account, and whom one calls."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.core.actor import FIRM_ROLES
from zhitong.enterprises.models.firms import Enterprise
from zhitong.enterprises.words import Duty


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


class Invitation(models.Model):
    """A code with which one person takes a seat in a firm; only its digest is kept."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(FIRM_ROLES)), name="an_invitation_has_a_firm_role"
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True, used_by__isnull=True)
                | models.Q(used_at__isnull=False, used_by__isnull=False, withdrawn_at__isnull=True),
                name="an_invitation_is_used_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.role}"


class ContactPerson(models.Model):
    """Somebody to call in a firm. The number is sealed; a keyed digest finds it, a mask is shown."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="contact_people")
    name = models.CharField(max_length=40)
    duty = models.CharField(max_length=40, blank=True)
    phone_sealed = models.CharField(max_length=200, blank=True)
    phone_index = models.CharField(max_length=32, blank=True)
    phone_mask = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise", "id"]
        indexes = [models.Index(fields=["phone_index"], name="people_by_phone")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "phone_index"],
                condition=models.Q(until__isnull=True) & ~models.Q(phone_index=""),
                name="a_number_stands_once_in_a_firm",
            ),
            models.CheckConstraint(
                condition=models.Q(phone_sealed="", phone_index="", phone_mask="")
                | (~models.Q(phone_sealed="") & ~models.Q(phone_index="") & ~models.Q(phone_mask="")),
                name="a_number_is_whole_or_absent",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(phone_sealed="", until__isnull=False),
                name="erased_is_erased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.pk}"


class Consent(models.Model):
    """That a person has read the privacy notice in one version and agreed to it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    version = models.PositiveSmallIntegerField()
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["user", "version"], name="consent_is_given_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.version}"


class Sponsorship(models.Model):
    """Who in the office stands up for a firm: the leader linked to it, the cadre, the service team."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sponsorships")
    duty = models.CharField(max_length=10, choices=Duty.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sponsorships")
    basis = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["enterprise", "duty", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user", "duty"],
                condition=models.Q(until__isnull=True),
                name="a_duty_is_held_once",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(until__isnull=True, duty=Duty.LEADER),
                name="a_firm_has_one_leader",
            ),
            models.CheckConstraint(condition=models.Q(duty__in=Duty.values), name="a_duty_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.duty} {self.user_id}"

"""A firm, its names, its facts by period, and the people who sit in it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.core.actor import FIRM_ROLES
from zhitong.enterprises.facts import STATED, State


class Enterprise(models.Model):
    """A firm by its unified social credit code (GB 32100-2015)."""

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=12)
    address = models.CharField(max_length=200, blank=True)
    # Main activity by GB/T 4754 with its letter; empty where it is not known.
    activity = models.CharField(max_length=5, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    capital = models.BigIntegerField(null=True, blank=True)  # registered, in whole fen
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["region"], name="firms_by_region"),
            models.Index(fields=["activity"], name="firms_by_activity"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(capital__isnull=True) | models.Q(capital__gte=0),
                name="capital_is_no_debt",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """A name that a firm had until a day."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=120)
    until = models.DateTimeField()

    class Meta:
        ordering = ["-until", "-id"]

    def __str__(self) -> str:
        return self.name


class Fact(models.Model):
    """What one source says about a firm, a kind and a period; a correction replaces the earlier statement.

    `value` is whole: fen for money, else the unit of its kind (see `data/facts`).
    """

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=30)
    period = models.CharField(max_length=7)
    state = models.CharField(max_length=15, choices=[(state.value, state.label) for state in STATED])
    value = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=20)
    evidence = models.CharField(max_length=200, blank=True)
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "-period", "id"]
        indexes = [models.Index(fields=["enterprise", "kind", "period"], name="facts_of_a_firm")]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "period", "source"],
                condition=models.Q(replaced_at__isnull=True),
                name="a_source_says_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.KNOWN, value__isnull=False)
                | models.Q(state=State.NOT_APPLICABLE, value__isnull=True),
                name="a_known_fact_has_a_value",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="a_confirmation_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.kind} {self.period} {self.value}"


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

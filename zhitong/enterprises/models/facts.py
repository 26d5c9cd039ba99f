"""What sources say about a firm, by kind and period."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.enterprises.facts import STATED, State
from zhitong.enterprises.models.firms import Enterprise


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

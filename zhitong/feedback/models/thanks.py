"""Thanks of firms: banners, letters and words, beside the rates and never in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.feedback.states import THANKS_TEXT, ThanksKind


class Thanks(models.Model):
    """What a firm gave in thanks for a case; `by_unit` where the office entered it for the firm."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="thanks")
    kind = models.CharField(max_length=6, choices=ThanksKind.choices)
    text = models.CharField(max_length=THANKS_TEXT)  # what stands on it, or what was said
    received_on = models.DateField()
    by_unit = models.BooleanField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdraw_reason = models.CharField(max_length=THANKS_TEXT, blank=True)

    class Meta:
        ordering = ["-received_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="a_case_is_thanked_for_once_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ThanksKind.values), name="a_kind_of_thanks_is_known"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="thanks_say_something"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdraw_reason="")
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~models.Q(withdraw_reason=""),
                name="withdrawn_thanks_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

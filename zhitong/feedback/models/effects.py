"""Effects of answers, followed until they are there."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.feedback.states import EFFECT_TEXT, OPEN_EFFECTS, EffectState


def _person() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )


class Effect(models.Model):
    """What an answer is to bring about for the firm, and whether it is there."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="effects")
    text = models.CharField(max_length=EFFECT_TEXT)
    expected_by = models.DateField()
    state = models.CharField(max_length=9, choices=EffectState.choices, default=EffectState.EXPECTED)
    next_look = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    looked_by = _person()
    looked_at = models.DateTimeField(null=True, blank=True)
    look_text = models.CharField(max_length=EFFECT_TEXT, blank=True)  # what the unit saw that is not there
    said_by = _person()
    said_at = models.DateTimeField(null=True, blank=True)
    said_text = models.CharField(max_length=EFFECT_TEXT, blank=True)  # what shows that it is there
    denied_at = models.DateTimeField(null=True, blank=True)
    denied_text = models.CharField(max_length=EFFECT_TEXT, blank=True)  # the firm's words: not yet
    confirmed_by = _person()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by_phone = models.BooleanField(default=False)
    phone_reason = models.CharField(max_length=EFFECT_TEXT, blank=True)
    dropped_by = _person()
    dropped_at = models.DateTimeField(null=True, blank=True)
    drop_reason = models.CharField(max_length=EFFECT_TEXT, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["case", "id"]
        indexes = [
            models.Index(
                fields=["next_look"], condition=models.Q(next_look__isnull=False), name="effects_to_look_at"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "text"],
                condition=models.Q(state__in=OPEN_EFFECTS),
                name="an_effect_is_expected_once",
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="an_effect_says_what"),
            models.CheckConstraint(
                condition=models.Q(state="expected", next_look__isnull=False)
                | ~models.Q(state="expected") & models.Q(next_look__isnull=True),
                name="an_expected_effect_is_looked_at",
            ),
            models.CheckConstraint(
                condition=models.Q(state="dropped")
                | models.Q(state="expected", said_at__isnull=True)
                | models.Q(state__in=["there", "confirmed"], said_at__isnull=False, said_by__isnull=False)
                & ~models.Q(said_text=""),
                name="an_effect_is_there_when_said",
            ),
            models.CheckConstraint(
                condition=models.Q(state="confirmed", confirmed_at__isnull=False, confirmed_by__isnull=False)
                | ~models.Q(state="confirmed") & models.Q(confirmed_at__isnull=True),
                name="a_confirmed_effect_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by_phone=False, phone_reason="")
                | models.Q(confirmed_by_phone=True, state="confirmed") & ~models.Q(phone_reason=""),
                name="a_word_by_phone_has_its_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state="dropped", dropped_at__isnull=False, dropped_by__isnull=False)
                & ~models.Q(drop_reason="")
                | ~models.Q(state="dropped") & models.Q(dropped_at__isnull=True),
                name="a_dropped_effect_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.state}"

"""Subscriptions of other programs, and one row for each thing that one of them is told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from zhitong.webhooks.states import DeliveryState, Switch, Trouble

PLACE = "webhooks.subscription.secret"  # what the sealed secrets are bound to


class Subscription(models.Model):
    """Where a program wants to be told of cases, and of what; it hangs on the program's key."""

    token = models.ForeignKey("enterprises.ApiToken", on_delete=models.PROTECT, related_name="subscriptions")
    address = models.CharField(max_length=500)
    topics = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=Switch.choices, default=Switch.ON)
    secret = models.TextField()  # sealed
    # The secret before it, sealed: it signs beside the new one for a while.
    old_secret = models.TextField(blank=True)
    old_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )  # nobody where the program made it itself

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["token", "address"], name="one_subscription_a_key_and_address"),
            models.CheckConstraint(
                condition=models.Q(state__in=Switch.values), name="subscription_state_known"
            ),
            models.CheckConstraint(condition=~models.Q(secret=""), name="a_subscription_has_a_secret"),
            models.CheckConstraint(
                condition=models.Q(old_secret="", old_until__isnull=True)
                | (~models.Q(old_secret="") & models.Q(old_until__isnull=False)),
                name="an_old_secret_has_its_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.token_id} {self.address}"


class Delivery(models.Model):
    """One thing that one subscription is told; its number grows, its id stays the same at every try."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="deliveries")
    message = models.BigIntegerField()  # of the outbox; plain, since messages are forgotten earlier
    event = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    topic = models.CharField(max_length=40)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    case_state = models.CharField(max_length=20)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True, blank=True)  # a sender has it until then
    code = models.PositiveSmallIntegerField(null=True, blank=True)  # of the last answer
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(state="waiting"), name="deliveries_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "message"], name="a_subscription_is_told_a_message_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", done_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(done_at__isnull=False)),
                name="a_delivery_waits_until_it_is_done",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=DeliveryState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(trouble__in=["", *Trouble.values]), name="delivery_trouble_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.topic} {self.state}"

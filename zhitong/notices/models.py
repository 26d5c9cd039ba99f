"""What a person wants to be told by which way, and each message on its way out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.notices.states import DROPS, FAILS, GONE, HOLDS, OPEN, Channel, Reason, State
from zhitong.orgs.models import Notice

SEALED = 400  # an e-mail address of 254 signs, sealed, and room for another cipher


class Preference(models.Model):
    """How one person wants to be told; who has no row has what the table says."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    off = models.BooleanField(default=False)
    # Nothing chosen: what is usual for the side.
    digest = models.BooleanField(null=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    # Verified: a code that was sent there came back.
    address = models.CharField(max_length=SEALED, blank=True)
    pending = models.CharField(max_length=SEALED, blank=True)
    pending_code = models.CharField(max_length=64, blank=True)
    pending_until = models.DateTimeField(null=True, blank=True)
    pending_tries = models.PositiveSmallIntegerField(default=0)
    asked_on = models.DateField(null=True, blank=True)
    asked_times = models.PositiveSmallIntegerField(default=0)
    # Since when WeChat says that the person does not follow the account.
    unbound_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
            models.CheckConstraint(
                condition=models.Q(pending="", pending_code="", pending_until__isnull=True)
                | (
                    ~models.Q(pending="") & ~models.Q(pending_code="") & models.Q(pending_until__isnull=False)
                ),
                name="an_address_waits_for_its_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class Choice(models.Model):
    """One way that a person switched on or off for one group of messages."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    group = models.CharField(max_length=20)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    on = models.BooleanField()

    class Meta:
        ordering = ["user", "group", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["user", "group", "channel"], name="a_way_is_chosen_once"),
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="a_chosen_way_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.group} {self.channel}"


class Delivery(models.Model):
    """One message on one way out: never twice the same."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    group = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    urgent = models.BooleanField(default=False)
    digest = models.BooleanField(default=False)
    # When it is tried next; while somebody tries, when another may.
    due_at = models.DateTimeField(null=True, blank=True)
    # From when its age is counted: made, or put back by the administrator.
    since = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    parts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="a_notice_goes_each_way_once"),
            models.CheckConstraint(
                condition=models.Q(channel__in=Channel.values), name="a_way_of_a_message_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, due_at__isnull=False)
                | models.Q(state__in=sorted(set(State.values) - set(OPEN)), due_at__isnull=True),
                name="a_message_is_due_until_it_ends",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=GONE) | models.Q(sent_at__isnull=False),
                name="a_sent_message_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.WAITING, reason__in=["", Reason.THROTTLED])
                | models.Q(state=State.HELD, reason__in=HOLDS)
                | models.Q(state__in=GONE, reason="")
                | models.Q(state=State.FAILED, reason__in=FAILS)
                | models.Q(state=State.DROPPED, reason__in=DROPS),
                name="a_message_says_why_it_is_not_gone",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="messages_due"),
            models.Index(fields=["channel", "state"], name="messages_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"


class Report(models.Model):
    """A report of a gateway that was taken in, so that its repeat has no effect."""

    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest


class Token(models.Model):
    """A token that a gateway lent us, sealed, for all workers."""

    name = models.CharField(max_length=20, unique=True)
    sealed = models.CharField(max_length=1500)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

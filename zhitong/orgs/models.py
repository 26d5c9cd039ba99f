"""The tree of departments and the people in it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import get_language

from zhitong.core.actor import STAFF_ROLES
from zhitong.orgs.states import SIGNING, Tier


class Department(models.Model):
    """A unit that can be accountable: bureau, district, town, park; with or without a GB/T 2260 code."""

    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    region = models.CharField(max_length=12, blank=True)
    local_code = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=120, unique=True)
    intake = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    # Who signs its answers, in which order: the name of a chain in data/signoff.
    signing = models.CharField(max_length=20, default=SIGNING)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(
                fields=["region"],
                condition=models.Q(intake=True, active=True),
                name="one_intake_unit_a_region",
            ),
            models.CheckConstraint(
                condition=models.Q(intake=False) | ~models.Q(region=""), name="intake_unit_has_a_region"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en


class UserManager(BaseUserManager["User"]):
    """Finds users by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user with this sign-in name, in any case."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in; what they may do follows from posts and seats, not from this row."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, null=True, blank=True, unique=True)
    phone_verified = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    needs_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """A role of a person in a department, from a day until it ends."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="postings")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["department", "user", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "department", "role"],
                condition=models.Q(until__isnull=True),
                name="a_post_is_held_once",
            ),
            models.CheckConstraint(
                condition=models.Q(until__isnull=True) | models.Q(until__gte=models.F("since")),
                name="a_post_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=sorted(STAFF_ROLES)), name="a_post_has_a_staff_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.department}"


class Delegation(models.Model):
    """While one person is away, another acts in their posts."""

    absentee = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stand_ins")
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    ended = models.BooleanField(default=False)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="a_delegation_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=~models.Q(absentee=models.F("stand_in")), name="nobody_stands_in_for_themselves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absentee} -> {self.stand_in}"


class Duty(models.Model):
    """A turn on the duty roster: who can be reached for a unit, from when until when."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="duties")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="duties")
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["since", "department", "user"]
        indexes = [models.Index(fields=["department", "until"], name="duties_of_a_unit")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("since")), name="a_turn_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["department", "user", "since"], name="a_turn_stands_once_on_the_roster"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.user} {self.since:%Y-%m-%d %H:%M}"


class Notice(models.Model):
    """A short message to one person inside the system; made once for each thing told."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    msgid = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    subject = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=60)
    # What happened, by the name of its outbox topic; whether a message leaves the system follows from it.
    event = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], name="a_notice_is_given_once"),
        ]
        indexes = [
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="unread_notices")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.msgid}"


class SavedView(models.Model):
    """Filters, order and columns of one of the office's lists under a name of one's own."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    # The list, by its name in the slot `lists`.
    place = models.CharField(max_length=20)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["place", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "place", "name"], name="a_saved_view_has_its_own_name")
        ]

    def __str__(self) -> str:
        return self.name

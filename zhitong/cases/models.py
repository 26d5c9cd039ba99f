"""A case, what was said about it, and the stretches of time it has been through.

The running stretch (state, owner, clock) stands in the case's own row with no empty column, so that a case
has exactly one accountable department and one clock by construction; ended stretches are appended.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from zhitong.cases.states import TOLD, Channel, Outcome, Visibility


class Case(models.Model):
    """One matter of a firm (or of a reporter whose firm is not known yet)."""

    number = models.CharField(max_length=24, unique=True)
    flow_version = models.PositiveSmallIntegerField()
    sla_version = models.PositiveSmallIntegerField()
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    reporter = models.CharField(max_length=80)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="submitted_cases",
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    original_number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=80)
    text = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    state = models.CharField(max_length=20)
    intake = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="taken_in")
    lead = models.ForeignKey(
        "orgs.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="leading"
    )
    accountable = models.ForeignKey(
        "orgs.Department", on_delete=models.PROTECT, related_name="accountable_for"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases_in_hand",
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    stretch = models.PositiveSmallIntegerField(default=1)
    stretch_since = models.DateTimeField()
    clock = models.CharField(max_length=20, blank=True)
    clock_started_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    deadline = models.JSONField(default=dict, blank=True)
    provisional = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["enterprise", "-id"], name="cases_of_a_firm"),
            models.Index(fields=["accountable", "due_at"], name="cases_by_owner_and_due"),
            models.Index(fields=["person", "due_at"], name="cases_by_person_and_due"),
            models.Index(fields=["due_at"], condition=models.Q(ended_at__isnull=True), name="running_clocks"),
        ]
        constraints = [
            models.CheckConstraint(
                # Without lead the comparison would be NULL, which a check lets pass.
                condition=models.Q(accountable=models.F("intake"))
                | models.Q(lead__isnull=False, accountable=models.F("lead")),
                name="case_owner_is_intake_or_lead",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ended_at__isnull=True, due_at__isnull=False, clock_started_at__isnull=False
                )
                & ~models.Q(clock="")
                | models.Q(
                    ended_at__isnull=False, due_at__isnull=True, clock="", clock_started_at__isnull=True
                ),
                name="case_has_one_clock_until_it_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(clock_started_at__isnull=True)
                | models.Q(clock_started_at__gte=models.F("created_at")),
                name="case_clock_starts_after_the_case",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=["", *Outcome.values]), name="case_outcome_known"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="case_has_a_title"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def told_outcome(self) -> str:
        """The outcome in the reader's language once the firm has been told, empty before."""
        return str(self.get_outcome_display()) if self.outcome and self.state in TOLD else ""


class Stretch(models.Model):
    """A stretch of a case that has ended: the state, the owner and the deadline it had."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stretches")
    seq = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20)
    accountable = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()
    until = models.DateTimeField()
    clock = models.CharField(max_length=20)
    clock_started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    deadline = models.JSONField()
    # The clock of the stretch stopped or changed here: only then does lateness count.
    clock_ended = models.BooleanField()
    late = models.BooleanField()

    class Meta:
        ordering = ["case", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="stretches_are_numbered"),
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="a_stretch_ends_after_it_began"
            ),
            models.CheckConstraint(condition=~models.Q(clock=""), name="a_stretch_has_a_clock"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}/{self.seq} {self.state}"


class Entry(models.Model):
    """One line of a case's timeline; never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="entries")
    at = models.DateTimeField()
    action = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by_label = models.CharField(max_length=100)
    department = models.ForeignKey(
        "orgs.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility.choices)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"], name="entries_of_a_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"

    def get_absolute_url(self) -> str:
        """The page of its case."""
        return reverse("cases:detail", args=[self.case_id])

"""A case: what was said, where it is, who has it, until when.

The running stretch (state, owner, clock) stands in the case's own row with no empty column, so that a case
has exactly one accountable department and one clock by construction; ended stretches are appended.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.cases.states import ANSWERLESS, TOLD, Asking, Channel, Grade, Outcome


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
    category = models.CharField(max_length=30, blank=True)  # what it is about; empty: nobody said so yet
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)

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
    # Not shown to the unit it is about nor to anybody who only looks on; never published.
    confidential = models.BooleanField(default=False)
    accused = models.ForeignKey(
        "orgs.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The reporter's name is shown to nobody but the dispatchers who took the case in.
    protected = models.BooleanField(default=False)
    # The case that the same matter is handled in, and the one that this was taken out of.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="members"
    )
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="splits"
    )
    # The firm's own case about the same matter, named where this one is not accepted because of it.
    repeats = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="repetitions"
    )
    route = models.CharField(max_length=20, blank=True)  # where a case belongs that was not accepted
    asking = models.CharField(max_length=12, choices=Asking.choices, blank=True)  # what is asked for now
    objected = models.BooleanField(default=False)  # a lead may object once
    extended = models.BooleanField(default=False)  # more time is given once, and once more after a reopening
    reopened = models.PositiveSmallIntegerField(default=0)
    once_ended = models.BooleanField(default=False)  # it had ended before it was taken up again
    grade = models.CharField(max_length=1, choices=Grade.choices, blank=True)  # of what is on the plan
    contact_due_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    # The answer's way through the department: which signatures it needs, and the next one's place.
    chain = models.CharField(max_length=20, blank=True)
    chain_step = models.PositiveSmallIntegerField(default=0)

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
            models.Index(fields=["category", "-id"], name="cases_of_a_category"),
            models.Index(fields=["state", "-id"], name="cases_in_a_state"),
            models.Index(fields=["due_at"], condition=models.Q(ended_at__isnull=True), name="running_clocks"),
            # What waits for a unit, most urgent first.
            models.Index(
                fields=["intake", "due_at"],
                condition=models.Q(ended_at__isnull=True),
                name="running_in_an_intake",
            ),
            models.Index(
                fields=["lead", "due_at"],
                condition=models.Q(ended_at__isnull=True),
                name="running_with_a_lead",
            ),
            # All that figures are counted from, so that counting reads no texts.
            models.Index(
                fields=[
                    "created_at",
                    "ended_at",
                    "state",
                    "once_ended",
                    "reopened",
                    "stretch_since",
                    "contact_due_at",
                    "contacted_at",
                    "lead",
                    "intake",
                    "accused",
                    "category",
                    "kind",
                    "channel",
                ],
                name="cases_in_figures",
            ),
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
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True)
                | models.Q(state__in=ANSWERLESS)
                | ~models.Q(answer=""),
                name="case_ends_with_an_answer",
            ),
            models.CheckConstraint(
                condition=models.Q(accused__isnull=True) | models.Q(confidential=True),
                name="a_complaint_is_confidential",
            ),
            models.CheckConstraint(
                condition=models.Q(protected=False) | models.Q(confidential=True),
                name="a_protected_reporter_speaks_in_confidence",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="merged") | models.Q(merged_into__isnull=False, confidential=False),
                name="a_merged_case_names_its_main_case",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | ~models.Q(merged_into=models.F("id")),
                name="no_case_is_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=models.Q(repeats__isnull=True)
                | (~models.Q(route="") & ~models.Q(repeats=models.F("id"))),
                name="a_case_repeats_another_one_when_refused",
            ),
            models.CheckConstraint(
                condition=models.Q(asking="") | models.Q(state="handling"),
                name="case_asks_only_while_handled",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="planned") | ~models.Q(grade=""), name="planned_case_has_a_grade"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def told_outcome(self) -> str:
        """The outcome in the reader's language once the firm has been told, empty before."""
        return str(self.get_outcome_display()) if self.outcome and self.state in TOLD else ""

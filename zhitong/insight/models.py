"""Precedents with their uses, and canned answers."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.insight.states import LIVE, TITLE, PrecedentState

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class Precedent(models.Model):
    """How a matter was solved, written anew without names from a closed case, and reviewed by another."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="precedents")
    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="precedents")
    state = models.CharField(max_length=10, choices=PrecedentState.choices, default=PrecedentState.DRAFT)
    title = models.CharField(max_length=TITLE)
    question = models.TextField()
    answer = models.TextField()
    basis = models.CharField(max_length=200, blank=True)  # numbers of the documents it rests on
    category = models.CharField(max_length=30, blank=True)
    valid_until = models.DateField()  # looked at again by then; later it is not suggested
    author = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    nobody_named = models.BooleanField(default=False)  # the reviewer says so
    words = models.TextField(blank=True)  # why it was sent back or withdrawn
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, **PERSON)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    helped = models.PositiveIntegerField(default=0)  # how often a firm said that it answers its question
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "valid_until"], name="precedents_to_suggest")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state__in=LIVE), name="a_case_has_one_live_precedent"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=PrecedentState.values), name="precedent_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(question="") & ~models.Q(answer=""),
                name="a_precedent_says_three_things",
            ),
            models.CheckConstraint(
                # Without reviewer the comparison would be NULL, which a check lets pass.
                condition=models.Q(reviewer__isnull=True) | ~models.Q(reviewer=models.F("author")),
                name="nobody_reviews_their_own_precedent",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PrecedentState.PUBLISHED)
                | models.Q(reviewer__isnull=False, reviewed_at__isnull=False, nobody_named=True),
                name="a_published_precedent_was_reviewed",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=PrecedentState.WITHDRAWN, withdrawn_by__isnull=False, withdrawn_at__isnull=False
                )
                & ~models.Q(words="")
                | ~models.Q(state=PrecedentState.WITHDRAWN)
                & models.Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True),
                name="a_precedent_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class Use(models.Model):
    """That a precedent was taken into the answer to a case."""

    precedent = models.ForeignKey(Precedent, on_delete=models.PROTECT, related_name="uses")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["precedent", "case"], name="a_precedent_is_used_once_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.precedent_id} {self.case_id}"


class CannedAnswer(models.Model):
    """A text that is needed again and again, with fields; of one unit, or of it and all below it."""

    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="canned_answers")
    below = models.BooleanField(default=False)  # kept by the unit's dispatchers for all units below it
    title = models.CharField(max_length=TITLE)
    text = models.TextField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    changed_at = models.DateTimeField()
    dropped_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "title"],
                condition=models.Q(dropped_at__isnull=True),
                name="a_canned_answer_has_its_own_title",
            ),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(text=""), name="a_canned_answer_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.title}"

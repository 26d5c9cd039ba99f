"""Return visits by somebody who did not handle the case, and cases that do not count in the rates."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.feedback.states import Decision, Grade, Unfit, Way


class ReturnVisit(models.Model):
    """One return visit to a firm after its answer: reached or not, and what it said.

    It is valid (counts in the three rates) when the firm was reached and answered all three questions; one an
    answer.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="return_visits")
    round = models.PositiveSmallIntegerField(default=0)  # how often the case had been reopened
    way = models.CharField(max_length=7, choices=Way.choices)
    reached = models.BooleanField()
    valid = models.BooleanField()
    contacted = models.BooleanField(null=True)  # did the department contact the firm
    solved = models.BooleanField(null=True)
    grade = models.PositiveSmallIntegerField(choices=Grade.choices, null=True)
    words = models.TextField(blank=True)
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["case", "id"]
        indexes = [models.Index(fields=["at"], condition=models.Q(valid=True), name="valid_visits_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"], condition=models.Q(valid=True), name="one_valid_visit_an_answer"
            ),
            models.CheckConstraint(
                condition=models.Q(valid=False)
                | models.Q(reached=True, contacted__isnull=False, solved__isnull=False, grade__isnull=False),
                name="a_valid_visit_has_all_answers",
            ),
            models.CheckConstraint(
                condition=models.Q(reached=True)
                | models.Q(contacted__isnull=True, solved__isnull=True, grade__isnull=True),
                name="nobody_reached_said_nothing",
            ),
            models.CheckConstraint(
                condition=models.Q(grade__isnull=True) | models.Q(grade__range=(1, 5)),
                name="a_visit_has_1_to_5_stars",
            ),
            models.CheckConstraint(condition=models.Q(way__in=Way.values), name="visit_way_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.grade}"


class Exclusion(models.Model):
    """A case that is asked to be left out of the rates; another person decides."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="exclusions")
    reason = models.CharField(max_length=12, choices=Unfit.choices)
    words = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(decision="declined"), name="a_case_is_left_out_once"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | ~models.Q(decision="") & models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="a_decided_exclusion_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                name="nobody_leaves_out_alone",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=Unfit.values, decision__in=["", *Decision.values]),
                name="exclusion_words_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.reason}"

"""What a case has been through: stretches of time that have ended, and the lines of its timeline."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext

from zhitong.cases.models.case import Case
from zhitong.cases.states import Visibility
from zhitong.core.actor import is_system


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
        indexes = [
            models.Index(fields=["case", "clock"], condition=models.Q(late=True), name="late_stretches"),
            models.Index(fields=["case", "state", "since", "until"], name="where_a_case_was"),
        ]
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
    kind = models.CharField(max_length=20, blank=True)  # the kind of matter that this step gave the case

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["case", "id"], name="entries_of_a_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"

    def get_absolute_url(self) -> str:
        """The page of its case."""
        return reverse("cases:detail", args=[self.case_id])

    @property
    def who(self) -> str:
        """Who did it, in the reader's language where it was nobody."""
        nobody = self.by_user_id is None and (self.department_id is None or is_system(self.by_label))
        return gettext("The system") if nobody else self.by_label

"""What several firms have in common, and the cases that belong to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.commons.states import ENTITY, OPEN, TAKEN_UP, TITLE, Standing, State


class CommonProblem(models.Model):
    """One matter of several firms; `leading` is the case that the others follow, or would follow."""

    department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=TITLE)
    kind = models.CharField(max_length=20)  # of the entity that they are tied to
    entity = models.CharField(max_length=ENTITY)
    shared = models.JSONField(default=list)  # words that most of the cases hold
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    outcome = models.CharField(max_length=12, blank=True)  # of the leading case, when it ended
    leading = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="leads_problems")
    lead = models.ForeignKey(
        "orgs.Department", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was dismissed
    plan = models.TextField(blank=True)
    due = models.DateField(null=True, blank=True)
    # The matter of a unit's month: its first day, and who answers for the plan.
    month = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="problem_state_known"),
            models.CheckConstraint(
                condition=~models.Q(title="") & ~models.Q(kind="") & ~models.Q(entity=""),
                name="a_problem_says_what_it_is_about",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.PROPOSED, decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~models.Q(state=State.PROPOSED)
                    & models.Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="a_problem_is_proposed_until_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=TAKEN_UP) | models.Q(lead__isnull=False),
                name="a_confirmed_problem_has_one_lead",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.DISMISSED) | ~models.Q(reason=""),
                name="a_dismissed_problem_has_its_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(month__isnull=True, owner__isnull=True)
                | (
                    models.Q(month__isnull=False, owner__isnull=False, due__isnull=False, state__in=TAKEN_UP)
                    & ~models.Q(plan="")
                ),
                name="a_matter_of_the_month_has_owner_plan_day",
            ),
            models.UniqueConstraint(
                fields=["department", "month"],
                condition=models.Q(month__isnull=False),
                name="one_matter_a_month_and_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in OPEN


class CommonMember(models.Model):
    """A case that may belong to a common problem, or does."""

    problem = models.ForeignKey(CommonProblem, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="common_members")
    likeness = models.FloatField()  # to the case in the middle, 0 to 1
    standing = models.CharField(max_length=3, choices=Standing.choices, default=Standing.NEW)
    open = models.BooleanField(default=True)  # the problem is open, and the case was not left out
    added_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["problem", "id"]
        constraints = [
            models.UniqueConstraint(fields=["problem", "case"], name="a_case_stands_once_in_a_problem"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(open=True), name="a_case_is_in_one_open_problem"
            ),
            models.CheckConstraint(
                condition=models.Q(standing__in=Standing.values), name="member_standing_known"
            ),
            models.CheckConstraint(
                condition=models.Q(standing=Standing.NEW, decided_at__isnull=True)
                | (~models.Q(standing=Standing.NEW) & models.Q(decided_at__isnull=False)),
                name="a_member_is_new_until_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(standing=Standing.OUT) | models.Q(open=False),
                name="who_was_left_out_is_in_no_open_problem",
            ),
            models.CheckConstraint(
                condition=models.Q(likeness__gte=0, likeness__lte=1), name="a_likeness_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.problem_id} {self.case_id} {self.standing}"

    @property
    def percent(self) -> int:
        """The likeness as a whole number of hundredths."""
        return round(100 * self.likeness)

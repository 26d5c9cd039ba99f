"""Cases that need a leader: proposed by people, decided by one."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhitong.supervision.models.matters import Matter
from zhitong.supervision.states import ReferralState

TEXTS = ("problem", "sticking_point", "views", "proposal")


class Referral(models.Model):
    """One case that somebody lays before a leader, with what the leader has to know."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="referrals")
    to_department = models.ForeignKey("orgs.Department", on_delete=models.PROTECT, related_name="+")
    problem = models.TextField()
    sticking_point = models.TextField()
    views = models.TextField()
    proposal = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReferralState.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True)
    matter = models.ForeignKey(
        Matter, null=True, blank=True, on_delete=models.PROTECT, related_name="referrals"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="open"), name="one_open_referral_a_case"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=ReferralState.values), name="referral_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(problem="")
                & ~models.Q(sticking_point="")
                & ~models.Q(views="")
                & ~models.Q(proposal=""),
                name="a_referral_says_four_things",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="a_referral_is_open_until_its_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="decided") | ~models.Q(words="") | models.Q(matter__isnull=False),
                name="a_decision_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

"""What should lie before a leader, and what may not end before one has decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_noop

from zhitong.cases import queries as case_queries
from zhitong.core import slots
from zhitong.core.actor import Role
from zhitong.orgs import queries as orgs_queries
from zhitong.supervision.models import Referral
from zhitong.supervision.states import ReferralState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department


def candidates(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The cases that rooms name with a reason, in sight and not before a leader yet.

    One that has ended is among them only for a word on which no leader has decided since.
    """
    named = {row.case: row for fill in slots.leader_matters for row in fill(actor, now)}
    laid = Referral.objects.filter(case__in=named).exclude(state=ReferralState.WITHDRAWN)
    waiting, last = set(), {}
    for case, state, at in laid.order_by("proposed_at").values_list("case", "state", "proposed_at"):
        waiting |= {case} if state == ReferralState.OPEN else set()
        last[case] = at
    heard = {pk for pk, at in last.items() if named[pk].at is not None and at >= named[pk].at}
    rows = case_queries.visible(actor).filter(pk__in=set(named) - waiting - heard)
    ended = {pk for pk, row in named.items() if row.at is not None}
    found = rows.filter(Q(ended_at__isnull=True) | Q(pk__in=ended)).order_by("due_at", "id")
    return [{"case": case, "reason": named[case.pk].reason} for case in found]


def unheard(case: Case) -> bool:
    """Whether there is a word about a case that a leader has to hear and on which none has decided."""
    words = [at for word in slots.words_for_leaders if (at := word(case)) is not None]
    if not words:
        return False
    decided = Referral.objects.filter(case=case, state=ReferralState.DECIDED, decided_at__gte=max(words))
    return not decided.exists()


def waits_for_leader(*, action: str, subject: Case) -> str | None:
    """Say why a case cannot be closed while a leader has not heard what its firm said a second time."""
    if action not in {"close", "close_unrated"} or not unheard(subject):
        return None
    return gettext_noop(
        "The firm was dissatisfied a second time. "
        "Lay the case before a leader; it closes when one has decided."
    )


def with_leader(case: Case, now: datetime) -> QuerySet[Department]:
    """The units at or above the one that took a case in where somebody is a leader, the nearest first."""
    above = sorted(orgs_queries.with_those_above([case.intake.path]))
    led = orgs_queries.current_postings(now).filter(role=Role.LEADER).values("department")
    return orgs_queries.departments().filter(path__in=above, pk__in=led).order_by("-path")

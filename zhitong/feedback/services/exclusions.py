"""Leaving a case out of the rates: asked for by one person, decided by another, never too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.feedback import queries
from zhitong.feedback.models import Exclusion
from zhitong.feedback.states import Decision, Unfit, rule

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


@service("feedback.ask_exclusion")
def ask_exclusion(work: Work, *, by: Actor, now: datetime, case: Case, reason: str, words: str) -> Exclusion:
    """Ask to leave a case out of the rates, with the reason that the bulletin will name."""
    permissions.require(by, "feedback.ask_exclusion", case)
    if reason not in Unfit.values:
        raise FieldError("reason", gettext_noop("Choose one of the reasons in the list."))
    if not words.strip():
        raise FieldError("words", gettext_noop("Say why this case should not count."))
    if case.ended_at is None:
        raise RefusedError(gettext_noop("Only a case that has ended can be left out."))
    if Exclusion.objects.filter(case=case).exclude(decision=Decision.DECLINED).exists():
        raise RefusedError(gettext_noop("This was asked for already."))
    row = Exclusion.objects.create(
        case=case, reason=reason, words=words.strip(), asked_by_id=by.user, asked_at=now
    )
    work.record(row, tenant=case.enterprise_id, case=case.pk, reason=reason)
    work.emit("feedback.exclusion", case=case.pk, by=by.user)
    return row


@service("feedback.decide_exclusion")
def decide_exclusion(
    work: Work, *, by: Actor, now: datetime, exclusion: Exclusion, approved: bool, answer: str = ""
) -> Exclusion:
    """Leave a case out, or keep it in; not by who asked, and not beyond the share that is allowed."""
    permissions.require(by, "feedback.decide_exclusion", exclusion.case)
    if exclusion.asked_by_id in by.persons:
        raise RefusedError(gettext_noop("Who asked cannot decide. Somebody else has to."))
    if approved:
        _check_share(exclusion.case, now)
    if not approved and not answer.strip():
        raise FieldError("answer", gettext_noop("Say why the case stays in."))
    decided = {
        "decision": Decision.APPROVED if approved else Decision.DECLINED,
        "decided_by_id": by.user,
        "decided_at": now,
        "answer": answer.strip(),
    }
    if not Exclusion.objects.filter(pk=exclusion.pk, decision="").update(**decided):
        raise FasterError(gettext_noop("Somebody else has decided on this. Reload to see what."))
    work.record(exclusion, tenant=exclusion.case.enterprise_id, case=exclusion.case_id, approved=approved)
    exclusion.refresh_from_db()
    return exclusion


def _check_share(case: Case, now: datetime) -> None:
    """Refuse what leaves out more than the share of an intake unit's visits of the month; one is free."""
    visits, excluded = queries.visits_of_month(case.intake_id, local_date(now))
    most = rule("excluded_most", local_date(now))
    if excluded and 100 * (excluded + 1) > most * visits:
        raise RefusedError(
            gettext_noop(
                "At most %(most)d %% of a month's return visits can be left out: there are %(visits)d, "
                "and %(excluded)d are left out already."
            ),
            most=most,
            visits=visits,
            excluded=excluded,
        )

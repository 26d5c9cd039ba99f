"""Laying a case before a leader: proposed by people only, withdrawn, decided."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.actor import Role
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.orgs import queries as orgs_queries
from zhitong.supervision import queries
from zhitong.supervision.models import Referral
from zhitong.supervision.states import ReferralState

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department


@dataclass(frozen=True, slots=True)
class Brief:
    """What a leader has to know about a case."""

    problem: str
    sticking_point: str
    views: str
    proposal: str


@service("supervision.propose")
def propose(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    to_department: Department,
    brief: Brief,
    version: int | None = None,
) -> Referral:
    """Lay a case before the leader of a unit: a running one, or one whose firm is still dissatisfied."""
    permissions.require(by, "supervision.propose", case)
    if version is not None and version != case.version:
        raise FasterError
    _check_case(case)
    for name, text in asdict(brief).items():
        if not text.strip():
            raise FieldError(name, gettext_noop("Please fill in this field."))
    if not orgs_queries.holders(to_department.pk, Role.LEADER, now=now).exists():
        raise FieldError("to_department", gettext_noop("This unit has no leader. Choose another one."))
    if not case.intake.path.startswith(to_department.path):
        raise FieldError("to_department", gettext_noop("Choose a unit at or above the one that took it in."))
    try:
        with transaction.atomic():
            referral = Referral.objects.create(
                case=case,
                to_department=to_department,
                proposed_by_id=by.user,
                proposed_at=now,
                state=ReferralState.OPEN,
                **asdict(brief),
            )
    except IntegrityError as error:  # somebody else proposed it at the same moment
        raise FasterError from error
    work.record(referral, tenant=case.enterprise_id, case=case.pk, to=to_department.pk)
    work.emit("supervision.propose", referral=referral.pk, by=by.user)
    return referral


def _check_case(case: Case) -> None:
    if case.ended_at is not None and not queries.unheard(case):
        raise RefusedError(gettext_noop("This case has ended; there is nothing left to decide."))
    if case.confidential:
        raise RefusedError(
            gettext_noop("This case is confidential: a leader who only looks on may not see it.")
        )
    if Referral.objects.filter(case=case, state=ReferralState.OPEN).exists():
        raise RefusedError(gettext_noop("This case lies before a leader already."))


@service("supervision.withdraw_referral")
def withdraw_referral(
    work: Work, *, by: Actor, now: datetime, referral: Referral, reason: str, version: int | None = None
) -> Referral:
    """Take a case back that no leader has to decide any more."""
    permissions.require(by, "supervision.withdraw_referral", referral)
    _required("reason", reason)
    changes = {"state": ReferralState.WITHDRAWN, "words": reason, "decided_by_id": by.user, "decided_at": now}
    return change(work, referral, version, changes)


@service("supervision.decide")
def decide(
    work: Work, *, by: Actor, now: datetime, referral: Referral, words: str, version: int | None = None
) -> Referral:
    """Decide what lies before a leader, in words; an instruction about the case decides it as well."""
    permissions.require(by, "supervision.decide", referral)
    _required("words", words)
    changes = {"state": ReferralState.DECIDED, "words": words, "decided_by_id": by.user, "decided_at": now}
    return change(work, referral, version, changes)


def change(work: Work, referral: Referral, version: int | None, changes: dict[str, Any]) -> Referral:
    """One conditional update of an open referral, told to who proposed it."""
    seen = referral.version if version is None else version
    same = Referral.objects.filter(pk=referral.pk, version=seen, state=ReferralState.OPEN)
    if not same.update(version=seen + 1, **changes):
        raise FasterError
    changed = Referral.objects.select_related("case", "to_department").get(pk=referral.pk)
    work.record(changed, tenant=changed.case.enterprise_id, state=changed.state, matter=changed.matter_id)
    work.emit("supervision.decide", referral=changed.pk, by=work.by.user)
    return changed


def _required(name: str, value: str) -> None:
    if not value.strip():
        raise FieldError(name, gettext_noop("Please fill in this field."))

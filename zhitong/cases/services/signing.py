"""The answer and its way through the department: written, approved, signed, or sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.services.assists import refuse_while_open, refuse_with_accounts
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import Visibility
from zhitong.core import permissions
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


OPEN_TO_OTHERS = frozenset({"dispatched", "handling"})  # states in which others may enter an answer


@service("cases.answer")
def answer(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    outcome: str,
    version: int | None = None,
) -> Case:
    """Write the answer and propose the outcome; the firm reads it once the last signature is under it."""
    del now
    if case.state == "handling":
        permissions.require(by, "cases.answer", case)
        refuse_while_open(case)
        _keep_names_out(case, text)
    return move(
        work,
        case=case,
        action="answer",
        version=version,
        given={"text": text, "outcome": outcome},
        changes={
            "answer": text,
            "outcome": outcome,
            "answered_by_id": by.user,
            "chain": case.lead.signing if case.lead else "",
            "chain_step": 0,
        },
        said=Said(text=text, visibility=Visibility.INTERNAL),
    )


def _keep_names_out(case: Case, text: str) -> None:
    """Refuse an answer to several firms that names one of them."""
    group = list(case.members.filter(state="merged").select_related("enterprise"))
    names = {row.enterprise.name for row in (case, *group) if row.enterprise is not None} if group else set()
    if any(name in text for name in names):
        raise FieldError(
            "text",
            gettext_noop("This answer goes to %(number)d firms, so it must name none of them."),
            number=len(group) + 1,
        )


@service("cases.answer_for")
def answer_for(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    text: str,
    outcome: str,
    version: int | None = None,
) -> Case:
    """Enter the answer of a lead without accounts; it signed on its own paper or by its link."""
    del now
    permissions.require(by, "cases.answer_for", case)
    if case.state in OPEN_TO_OTHERS and case.lead is not None:
        refuse_with_accounts(case.lead)
        refuse_while_open(case)
        _keep_names_out(case, text)
    return move(
        work,
        case=case,
        action="answer_for",
        version=version,
        given={"text": text, "outcome": outcome},
        changes={
            "answer": text,
            "outcome": outcome,
            "answered_by_id": by.user,
            "chain": "",
            "chain_step": 0,
        },
        said=Said(text=text, unit=case.lead),
    )


@service("cases.review")
def review(
    work: Work, *, by: Actor, now: datetime, case: Case, message: str = "", version: int | None = None
) -> Case:
    """Put a signature under another person's answer that is not the last one."""
    del by, now
    return move(
        work,
        case=case,
        action="review",
        version=version,
        changes={"chain_step": case.chain_step + 1},
        said=Said(text=message, visibility=Visibility.INTERNAL),
    )


@service("cases.approve")
def approve(work: Work, *, by: Actor, now: datetime, case: Case, version: int | None = None) -> Case:
    """Put the last signature under another person's answer and send it to the firm."""
    del by, now
    return move(work, case=case, action="approve", version=version, said=Said(text=case.answer))


@service("cases.reject")
def reject(
    work: Work, *, by: Actor, now: datetime, case: Case, reason: str, version: int | None = None
) -> Case:
    """Send an answer back for revision; the handling deadline is the old one."""
    del by, now
    return move(
        work,
        case=case,
        action="reject",
        version=version,
        given={"reason": reason},
        said=Said(text=reason, visibility=Visibility.INTERNAL),
    )

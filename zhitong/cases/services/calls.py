"""Telephone calls that an urgent case makes necessary: asked for by the system, made by people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.models import Call, Case, Entry
from zhitong.cases.states import CallState, Visibility, Whom, rule
from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("cases.ask_to_call")
def ask_to_call(work: Work, *, by: Actor, now: datetime, case: Case, whom: Whom, source: str) -> Call:
    """Ask the intake unit to ring the firm, or the department accountable now; once for a `source`."""
    permissions.require(by, "cases.ask_to_call", case)
    minutes = rule(case.sla_version, "call_minutes", case.kind)
    call, new = Call.objects.get_or_create(
        case=case,
        whom=whom,
        source=source,
        defaults={
            "caller": case.intake,
            "callee": case.accountable if whom == Whom.UNIT else None,
            "asked_at": now,
            "due_at": now + timedelta(minutes=minutes),
        },
    )
    if new:
        work.emit("cases.call", call=call.pk, case=case.pk, by=by.user)
    work.record(call, tenant=case.enterprise_id, case=case.pk, whom=whom, new=new)
    return call


@service("cases.log_call")
def log_call(work: Work, *, by: Actor, now: datetime, call: Call, reached: bool, words: str = "") -> Call:
    """Write down a call: somebody answered, or nobody did and it is tried again until it goes on above."""
    permissions.require(by, "cases.log_call", call)
    if reached and not words.strip():
        raise FieldError("words", gettext_noop("Say whom you spoke to and what was agreed."))
    case, tries = call.case, call.attempts + 1
    changes = {"attempts": tries, "by_user_id": by.user, "words": words.strip()}
    given_up = not reached and tries >= rule(case.sla_version, "calls_most", case.kind)
    if reached or given_up:
        changes |= {"state": CallState.REACHED if reached else CallState.MISSED, "ended_at": now}
    else:
        changes |= {"due_at": now + timedelta(minutes=rule(case.sla_version, "call_again", case.kind))}
    if not Call.objects.filter(pk=call.pk, state=CallState.OPEN, attempts=call.attempts).update(**changes):
        raise FasterError(gettext_noop("Somebody else has made this call. Reload to see what came of it."))
    Entry.objects.create(
        case=case,
        at=now,
        action="called" if reached else "call_missed",
        from_state=case.state,
        to_state=case.state,
        by_user_id=by.user,
        by_label=by.label,
        department=call.caller,
        text=words.strip(),
        visibility=Visibility.INTERNAL,
    )
    work.record(call, tenant=case.enterprise_id, case=case.pk, reached=reached, attempts=tries)
    if given_up:
        work.emit("cases.call_missed", call=call.pk, case=case.pk, by=by.user)
    call.refresh_from_db()
    return call

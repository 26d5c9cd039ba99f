"""Red lamps that go on: somebody else is told, once a step. Nothing climbs to a mayor by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext_noop

from zhitong.cases.models import Alarm, Call, Entry
from zhitong.cases.states import AssistState, CallState, Visibility, ladder
from zhitong.core import permissions
from zhitong.core.actor import Role
from zhitong.core.errors import RefusedError
from zhitong.core.service import Work, service
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Assist, Case
    from zhitong.cases.states import Rung
    from zhitong.core.actor import Actor


@service("cases.raise_alarm")
def raise_alarm(work: Work, *, by: Actor, now: datetime, case: Case, overdue: int) -> Alarm:
    """Record that a running clock has climbed a step of its ladder, and tell whom the step names.

    The case itself does not change: its owner stays accountable.
    """
    permissions.require(by, "cases.raise_alarm", case)
    step = _step(case, case.due_at, overdue, now)
    alarm, new = Alarm.objects.get_or_create(
        case=case,
        assist=None,
        clock=case.clock,
        clock_started_at=case.clock_started_at,
        overdue=overdue,
        defaults={"role": step.role, "department": case.accountable, "at": now},
    )
    if new:
        _write(work, alarm, step.label)
    work.record(case, tenant=case.enterprise_id, overdue=overdue, role=step.role, new=new)
    return alarm


@service("cases.raise_assist_alarm")
def raise_assist_alarm(work: Work, *, by: Actor, now: datetime, assist: Assist, overdue: int) -> Alarm:
    """Record that a part has climbed a step of the ladder; its own line is told, or who decides on it."""
    case = assist.case
    permissions.require(by, "cases.raise_alarm", case)
    objected = assist.state == AssistState.RETURNED
    due = assist.decide_due_at if objected else assist.due_at
    step = _step(case, None if assist.ended_at else due, overdue, now)
    alarm, new = Alarm.objects.get_or_create(
        case=case,
        assist=assist,
        clock="decide" if objected else "assist",
        overdue=overdue,
        defaults={
            "clock_started_at": assist.started_at,
            "role": step.role,
            # The unit has said its word: whoever has the case in hand keeps it waiting.
            "department": case.accountable if objected else assist.department,
            "at": now,
        },
    )
    if new:
        _write(work, alarm, step.label)
    work.record(assist, tenant=case.enterprise_id, overdue=overdue, role=step.role, new=new)
    return alarm


def _step(case: Case, due: datetime | None, overdue: int, now: datetime) -> Rung:
    step = next((row for row in ladder(case.sla_version, case.kind) if row.overdue == overdue), None)
    if step is None or due is None or due >= now:
        raise RefusedError(gettext_noop("The time is not over yet."))
    return step


def _write(work: Work, alarm: Alarm, label: str) -> None:
    """A line in the timeline that says who was told, or that nobody was there to be told; and the message."""
    case, unit = alarm.case, alarm.department
    heard = orgs_queries.nearest(Role(alarm.role), unit.pk, now=work.now).exists()
    part = "" if alarm.assist_id is None else "decide_" if alarm.clock == "decide" else "part_"
    Entry.objects.create(
        case=case,
        at=work.now,
        action=f"{part}alarm" if heard else f"{part}alarm_unheard",
        from_state=case.state,
        to_state=case.state,
        by_label=work.by.label,
        department=unit if alarm.assist_id else None,
        text=label,
        visibility=Visibility.INTERNAL,
    )
    work.emit("cases.alarm", case=case.pk, role=alarm.role, department=unit.pk)


@service("cases.raise_call_alarm")
def raise_call_alarm(work: Work, *, by: Actor, now: datetime, call: Call) -> Call:
    """Record that nobody has made an urgent call in time, and tell the leader in charge; once a time."""
    permissions.require(by, "cases.raise_alarm", call.case)
    late = Call.objects.filter(pk=call.pk, state=CallState.OPEN, due_at__lt=now)
    if not late.filter(Q(alarm_at__isnull=True) | Q(alarm_at__lt=F("due_at"))).update(alarm_at=now):
        raise RefusedError(gettext_noop("The time is not over yet."))
    Entry.objects.create(
        case=call.case,
        at=now,
        action="call_late",
        from_state=call.case.state,
        to_state=call.case.state,
        by_label=by.label,
        department=call.caller,
        visibility=Visibility.INTERNAL,
    )
    work.record(call, tenant=call.case.enterprise_id, case=call.case_id)
    work.emit("cases.call_late", case=call.case_id, call=call.pk)
    call.refresh_from_db()
    return call

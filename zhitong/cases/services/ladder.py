"""Red lamps that go on: somebody else is told, once a step. Nothing climbs to a mayor by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases.models import Alarm, Entry
from zhitong.cases.states import Visibility, ladder
from zhitong.core import permissions
from zhitong.core.actor import Role
from zhitong.core.errors import RefusedError
from zhitong.core.service import Work, service
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


@service("cases.raise_alarm")
def raise_alarm(work: Work, *, by: Actor, now: datetime, case: Case, overdue: int) -> Alarm:
    """Record that a running clock has climbed a step of its ladder, and tell whom the step names.

    The case itself does not change: its owner stays accountable.
    """
    permissions.require(by, "cases.raise_alarm", case)
    step = next((row for row in ladder(case.sla_version, case.kind) if row.overdue == overdue), None)
    if step is None or case.due_at is None or case.due_at >= now:
        raise RefusedError(gettext_noop("The time is not over yet."))
    alarm, new = Alarm.objects.get_or_create(
        case=case,
        clock=case.clock,
        clock_started_at=case.clock_started_at,
        overdue=overdue,
        defaults={"role": step.role, "department": case.accountable, "at": now},
    )
    if new:
        heard = orgs_queries.nearest(Role(step.role), case.accountable_id, now=now).exists()
        Entry.objects.create(
            case=case,
            at=now,
            action="alarm" if heard else "alarm_unheard",
            from_state=case.state,
            to_state=case.state,
            by_label=by.label,
            text=step.label,
            visibility=Visibility.INTERNAL,
        )
        work.emit("cases.alarm", case=case.pk, role=step.role, department=case.accountable_id)
    work.record(case, tenant=case.enterprise_id, overdue=overdue, role=step.role, new=new)
    return alarm

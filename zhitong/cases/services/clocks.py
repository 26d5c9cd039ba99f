"""Deadlines of a case: begun by the flow, explained day by day, moved when the calendar changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from zhitong.cases.models import Case
from zhitong.cases.states import profile
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import Deadline, add_natural_days, add_workdays, due_moment

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor

DEFAULT_KIND = "normal"


def begin(*, clock: str, sla_version: int, kind: str, now: datetime) -> dict[str, Any]:
    """Return the clock columns of a case whose clock `clock` starts at `now`."""
    days, unit = duration(clock=clock, sla_version=sla_version, kind=kind)
    deadline = _count(local_date(now), days, unit)
    return {"clock": clock, "clock_started_at": now, **_columns(deadline)}


def duration(*, clock: str, sla_version: int, kind: str) -> tuple[int, str]:
    """Return how many days a clock runs and in which unit (workday or day)."""
    row = profile(sla_version)["clock"][clock]
    days = row["by_kind"][kind or DEFAULT_KIND] if "by_kind" in row else row["days"]
    return days, row["unit"]


def _count(start: date, days: int, unit: str) -> Deadline:
    table = core_queries.day_table(start)
    return add_workdays(start, days, table) if unit == "workday" else add_natural_days(start, days, table)


def _columns(deadline: Deadline) -> dict[str, Any]:
    return {
        "due_at": due_moment(deadline.due, timezone.get_default_timezone()),
        "deadline": deadline.to_json(),
        "provisional": deadline.provisional,
    }


STOPPED: dict[str, Any] = {
    "clock": "",
    "clock_started_at": None,
    "due_at": None,
    "deadline": {},
    "provisional": False,
}


def resume(case: Case, clock: str) -> dict[str, Any] | None:
    """Return the columns of an earlier run of `clock`, so that going back gives no new time, or None."""
    earlier = case.stretches.filter(clock=clock).order_by("-seq").first()
    if earlier is None:
        return None
    # The days are counted again: the calendar may have changed while another clock ran.
    stored = Deadline.from_json(earlier.deadline)
    deadline = _count(stored.start, stored.days, stored.unit)
    return {"clock": clock, "clock_started_at": earlier.clock_started_at, **_columns(deadline)}


@service("cases.recompute_deadlines")
def _recompute(work: Work, *, by: Actor, now: datetime, days: frozenset[date]) -> int:
    del by, now
    first, last = min(days), max(days)
    moved = 0
    for case in Case.objects.filter(ended_at__isnull=True, clock_started_at__date__lte=last).iterator():
        stored = Deadline.from_json(case.deadline)
        if stored.due < first and not stored.provisional:
            continue
        columns = _columns(_count(stored.start, stored.days, stored.unit))
        if columns["deadline"] != case.deadline:
            # The version stays: a moved deadline is nobody's competing edit.
            Case.objects.filter(pk=case.pk).update(**columns)
            work.record(case, tenant=case.enterprise_id, before=case.due_at, after=columns["due_at"])
            moved += 1
    work.record("cases.case", days=sorted(days), moved=moved)
    return moved


def recompute_deadlines(*, by: Actor, now: datetime, days: frozenset[date]) -> int:
    """Move the deadlines of running cases that step over one of `days`; return how many moved."""
    return _recompute(by=by, now=now, days=days) if days else 0

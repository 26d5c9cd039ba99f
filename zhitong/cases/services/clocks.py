"""Deadlines of a case: begun by the flow, explained day by day, moved when the calendar changes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from zhitong.cases.models import Assist, Case, Sounding
from zhitong.cases.states import DEFAULT_KIND, AssistState, clock_row, profile, rule, rules_of
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.core.service import Work, service
from zhitong.kernel.calendar import Deadline, Pause, add_hours, add_natural_days, add_workdays, due_moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.core.actor import Actor


def begin(
    *, clock: str, sla_version: int, kind: str, now: datetime, until: date | None = None
) -> dict[str, Any]:
    """Return the clock columns of a case whose clock `clock` starts at `now`.

    `until` is the day on which a clock runs out whose profile says that the day is given.
    """
    today = local_date(now)
    if clock_row(sla_version, clock).get("given"):
        if until is None:
            message = f"The clock {clock} needs the day on which it runs out."
            raise ValueError(message)
        return {
            "clock": clock,
            "clock_started_at": now,
            **_columns(_count(today, (until - today).days, "day")),
        }
    return {"clock": clock, "clock_started_at": now, **run(clock, sla_version, kind, now)}


def run(clock: str, sla_version: int, kind: str, now: datetime) -> dict[str, Any]:
    """Return when a clock runs out that starts at `now`, and why, as columns."""
    return _columns(_span(now, *duration(clock=clock, sla_version=sla_version, kind=kind)))


def _span(began: datetime, length: int, unit: str, pauses: Iterable[Pause] = ()) -> Deadline:
    if unit == "hour":
        return add_hours(began, length, timezone.get_default_timezone(), pauses=pauses)
    return _count(local_date(began), length, unit, pauses=pauses)


def duration(*, clock: str, sla_version: int, kind: str) -> tuple[int, str]:
    """Return how long a clock runs for a kind of matter, and in which unit (workday, day or hour)."""
    row = clock_row(sla_version, clock)
    own = profile(sla_version)["kind"].get(kind, {}).get("clock", {}).get(clock, {})
    if "hours" in own:
        return own["hours"], "hour"
    if own:
        return own["days"], own.get("unit", row["unit"])
    days = row["by_kind"][kind or DEFAULT_KIND] if "by_kind" in row else row["days"]
    return days, row["unit"]


def contact_due(*, sla_version: int, kind: str, now: datetime) -> datetime | None:
    """Return until when the firm must have been contacted that a department is charged with at `now`."""
    rules = rules_of(sla_version, kind)
    if "contact_hours" in rules:
        return now + timedelta(hours=rules["contact_hours"])
    days = rules.get("contact")
    if days is None:
        return None
    today = local_date(now)
    return _moment(add_workdays(today, days, core_queries.day_table(today)).due)


def take_up_due(*, sla_version: int, kind: str, now: datetime) -> datetime:
    """Return until when a unit that is charged at `now` takes the case up, or says that it is not its own."""
    today = local_date(now)
    days = rule(sla_version, "objection", kind)
    return _moment(add_workdays(today, days, core_queries.day_table(today)).due)


def _count(start: date, days: int, unit: str, *, extra: int = 0, pauses: Iterable[Pause] = ()) -> Deadline:
    table = core_queries.day_table(start)
    count = add_workdays if unit == "workday" else add_natural_days
    return count(start, days, table, extra=extra, pauses=pauses)


def _again(stored: Deadline, *, extra: int = 0, pauses: Iterable[Pause] = ()) -> Deadline:
    """Count a stored deadline anew: the calendar may have changed, days or a pause may have come."""
    extra, pauses = stored.extra + extra, (*stored.pauses, *pauses)
    if stored.began is not None:
        zone = timezone.get_default_timezone()
        return add_hours(stored.began, stored.days, zone, extra=extra, pauses=pauses)
    return _count(stored.start, stored.days, stored.unit, extra=extra, pauses=pauses)


def _columns(deadline: Deadline) -> dict[str, Any]:
    return {
        "due_at": deadline.ends or _moment(deadline.due),
        "deadline": deadline.to_json(),
        "provisional": deadline.provisional,
    }


def _moment(day: date) -> datetime:
    return due_moment(day, timezone.get_default_timezone())


STOPPED: dict[str, Any] = {
    "clock": "",
    "clock_started_at": None,
    "due_at": None,
    "deadline": {},
    "provisional": False,
}


def extend(case: Case, extra: int) -> dict[str, Any]:
    """Return the columns of the running clock with `extra` days more."""
    return _columns(_again(Deadline.from_json(case.deadline), extra=extra))


def resume(case: Case, clock: str, *, paused: Pause | None = None) -> dict[str, Any] | None:
    """Return the columns of an earlier run of `clock`, so that going back gives no new time, or None.

    Days in `paused` do not count; those of earlier pauses do not either, and extensions stay.
    """
    earlier = case.stretches.filter(clock=clock).order_by("-seq").first()
    if earlier is None:
        return None
    deadline = _again(Deadline.from_json(earlier.deadline), pauses=[paused] if paused else [])
    return {"clock": clock, "clock_started_at": earlier.clock_started_at, **_columns(deadline)}


def recount(
    row: Case | Assist | Sounding, clock: str, *, sla_version: int, kind: str, now: datetime
) -> dict[str, Any]:
    """Return the columns of a running clock for another kind of matter; none where the deadline stays.

    More time is counted from where the clock began. Less is counted from now, and never ends later than
    before. A deadline that has passed stays: another kind gives nobody new time.
    """
    if now > row.due_at:
        return {}
    length, unit = duration(clock=clock, sla_version=sla_version, kind=kind)
    pauses = Deadline.from_json(row.deadline).pauses
    more = _columns(_span(_started(row), length, unit, pauses))
    if more["due_at"] >= row.due_at:
        return more
    less = _columns(_span(now, length, unit))
    return less if less["due_at"] < row.due_at else {}


def due_as(*, case: Case, kind: str, now: datetime) -> datetime:
    """Return until when the running clock of a case would run if the case were of a kind."""
    columns = recount(case, case.clock, sla_version=case.sla_version, kind=kind, now=now)
    return columns.get("due_at", case.due_at)


def _started(row: Case | Assist | Sounding) -> datetime:
    return row.clock_started_at if isinstance(row, Case) else row.started_at


def decide(case: Case, now: datetime) -> dict[str, Any]:
    """Return the columns of a part that is objected to at `now`: until when somebody decides."""
    return {
        f"decide_{name}": value for name, value in run("decide", case.sla_version, case.kind, now).items()
    }


def pause_of(case: Case, now: datetime) -> Pause | None:
    """Return the days that the running clock of a pause takes out of the count: those after its first."""
    first, last = local_date(case.clock_started_at) + timedelta(days=1), local_date(now)
    return (first, last) if first <= last else None


@service("cases.recompute_deadlines")
def _recompute(work: Work, *, by: Actor, now: datetime, days: frozenset[date]) -> int:
    del by, now
    first, last = min(days), max(days)
    moved = 0
    running = Case.objects.filter(ended_at__isnull=True, clock_started_at__date__lte=last)
    for case in running.exclude(state="merged").iterator():
        stored = Deadline.from_json(case.deadline)
        if stored.due < first and not stored.provisional:
            continue
        columns = _columns(_again(stored))
        if columns["deadline"] != case.deadline:
            # The version stays: a moved deadline is nobody's competing edit.
            Case.objects.filter(pk=case.pk).update(**columns)
            case.members.filter(state="merged").update(**columns)
            work.record(case, tenant=case.enterprise_id, before=case.due_at, after=columns["due_at"])
            moved += 1
    moved += _move_others(work, first, last)
    work.record("cases.case", days=sorted(days), moved=moved)
    return moved


def _move_others(work: Work, first: date, last: date) -> int:
    """Move what others have to do for a case: parts, objections to them, questions before the dispatch."""
    moved = 0
    for model in (Assist, Sounding):
        running = model.objects.filter(ended_at__isnull=True, started_at__date__lte=last)
        for row in running.select_related("case").iterator():
            moved += _move_one(work, row, "", first)
    objected = Assist.objects.filter(state=AssistState.RETURNED).select_related("case")
    for row in objected.iterator():
        moved += _move_one(work, row, "decide_", first)
    return moved


def _move_one(work: Work, row: Assist | Sounding, prefix: str, first: date) -> bool:
    before = getattr(row, f"{prefix}deadline")
    stored = Deadline.from_json(before)
    columns = _columns(_again(stored))
    if (stored.due < first and not stored.provisional) or columns["deadline"] == before:
        return False
    type(row).objects.filter(pk=row.pk).update(**{f"{prefix}{name}": new for name, new in columns.items()})
    due = getattr(row, f"{prefix}due_at")
    work.record(row, tenant=row.case.enterprise_id, before=due, after=columns["due_at"])
    return True


def recompute_deadlines(*, by: Actor, now: datetime, days: frozenset[date]) -> int:
    """Move the deadlines of running cases that step over one of `days`; return how many moved."""
    return _recompute(by=by, now=now, days=days) if days else 0

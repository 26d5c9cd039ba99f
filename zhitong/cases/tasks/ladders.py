"""Red lamps that climb: of cases, of other departments' parts in them, and of calls nobody makes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zhitong.cases import queries, services
from zhitong.cases.states import ladder, profiles, rule, urgent_kinds
from zhitong.cases.tasks.hours import at_work, late_since
from zhitong.core import queries as core_queries
from zhitong.core.actor import system
from zhitong.core.clock import local_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.cases.models import Assist
    from zhitong.cases.states import Rung

MOST = 1000  # rows of a step in one run


class Climb:
    """Tells the next level of clocks that stay overdue: at working hours only, urgent ones day and night."""

    every = timedelta(minutes=10)

    def run(self, now: datetime) -> str:
        """Record every step that was climbed since the last time, of cases and of parts."""
        told = 0
        for version, kind, rung, before in self._rungs(now):
            for case in queries.climbing(version, kind, rung, before)[:MOST]:
                services.raise_alarm(by=system("tick"), now=now, case=case, overdue=rung.overdue)
                told += 1
            for part in self._parts(version, kind, rung, before):
                services.raise_assist_alarm(by=system("tick"), now=now, assist=part, overdue=rung.overdue)
                told += 1
        return f"{told} told to the next level" if told else ""

    def _parts(self, version: int, kind: str, rung: Rung, before: datetime) -> Iterator[Assist]:
        """Parts that are late themselves, and those objected to on which nobody decides."""
        for clock in ("assist", "decide"):
            yield from queries.climbing_parts(version, kind, rung, before, clock=clock)[:MOST]

    def _rungs(self, now: datetime) -> Iterator[tuple[int, str, Rung, datetime]]:
        """The steps that may be climbed now, with the moment before which a clock must have run out."""
        today = local_date(now)
        table = core_queries.day_table(today)
        for version in profiles():
            for kind in urgent_kinds(version):
                for rung in ladder(version, kind):
                    yield version, kind, rung, now - timedelta(hours=rung.overdue)
            rungs = ladder(version)
            if not rungs or not table.is_workday(today) or not at_work(version, now):
                continue
            for rung in rungs:
                yield version, "", rung, late_since(today, rung.overdue, table)


class ChaseCalls:
    """Tells the leader in charge of urgent calls that nobody has made, day and night, once a time."""

    every = timedelta(minutes=5)

    def run(self, now: datetime) -> str:
        """Tell of every call that is overdue by more than its kind allows."""
        told = 0
        for call in queries.unmade_calls(now)[:MOST]:
            allowed = timedelta(minutes=rule(call.case.sla_version, "call_late", call.case.kind))
            if now > call.due_at + allowed:
                services.raise_call_alarm(by=system("tick"), now=now, call=call)
                told += 1
        return f"{told} calls nobody has made" if told else ""

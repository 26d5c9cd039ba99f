"""Simulated days: arrivals at their own times, office hours on working days, the ticker at night."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from zhitong.cases.models import Case
from zhitong.cases.tasks import Climb, RunOut
from zhitong.config.simulation.people import People
from zhitong.config.simulation.report import Report
from zhitong.config.simulation.steps import Steps
from zhitong.core import audit, outbox
from zhitong.core import queries as core_queries
from zhitong.notices.tasks import SendDigests, SendDue

TOLD = time(16)  # when overdue matters are looked through
RUN_OUT = (("reviewed", "close_unrated"), ("returned", "close_silent"), ("suspended", "end_suspension"))
ONE = timedelta(days=1)
OPENS = time(9, 0)
MINUTES = 8 * 60  # of an office day in which steps fall
LATELY = timedelta(days=3)
ROUNDS = 2  # a move makes a message to people, which makes the decision how it leaves
LONGEST = 400  # days after the last arrival; an office that needs longer is broken


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that comes in at a moment of its own."""

    at: datetime
    submit: Callable[[], object]


class Simulation:
    """Works through arrivals and open cases day by day; the same seed gives the same past."""

    def __init__(self, *, seed: int, words: Any, leavers: bool = True) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a simulation
        self.people = People(self.rng)
        self.steps = Steps(self.rng, self.people, words)
        self.leavers = leavers
        self.apart: set[int] = set()  # cases that others lead, arrival by arrival
        self.done = 0

    def run(
        self,
        arrivals: Iterable[Arrival],
        *,
        until: datetime | None = None,
        watch: Callable[[datetime], None] | None = None,
    ) -> Report:
        """Run until every case has ended, or until a moment; `watch` is called after each simulated day."""
        waiting = sorted(arrivals, key=lambda arrival: arrival.at)
        day = timezone.localdate(waiting[0].at)
        last = timezone.localdate(waiting[-1].at) + ONE * LONGEST
        while day <= last and (waiting or self._open().exists()):
            if until is not None and day > timezone.localdate(until):
                break
            waiting = self._day(day, waiting, until)
            if watch is not None:
                watch(_moment(day, time(23, 59)))
            day += ONE
        return Report.of_everything(steps=self.done)

    def _open(self) -> Any:
        return Case.objects.filter(ended_at__isnull=True).exclude(pk__in=self.apart)

    def _day(self, day: date, waiting: list[Arrival], until: datetime | None) -> list[Arrival]:
        ends = min(_moment(day, time.max), until) if until else _moment(day, time.max)
        due = [arrival for arrival in waiting if arrival.at <= ends]
        for arrival in due:
            arrival.submit()
            if until is not None and until - arrival.at < LATELY:
                outbox.drain(now=arrival.at, limit=10_000)  # what is new was told at its own time
        if core_queries.day_table(day).is_workday(day):
            self._office_day(day, ends)
            Climb().run(min(_moment(day, TOLD), ends))
        for state, action in RUN_OUT:
            RunOut(state, action).run(ends)
        for _ in range(ROUNDS):
            outbox.drain(now=ends, limit=10_000)
        SendDigests().run(min(_moment(day, TOLD), ends))
        SendDue().run(min(_moment(day, TOLD), ends))
        audit.seal_pending()
        return waiting[len(due) :]

    def _office_day(self, day: date, ends: datetime) -> None:
        opens = _moment(day, OPENS)
        self.people.begin_day(opens)
        if self.rng.random() < 0.15:  # noqa: PLR2004 - about once in seven working days
            self.people.somebody_goes_on_leave(opens)
        if self.leavers and self.rng.random() < 0.02:  # noqa: PLR2004 - about once in fifty working days
            self.people.somebody_leaves(opens)
        self.people.begin_day(opens)
        related = ("enterprise", "accountable", "person", "lead", "intake")
        for case in self._open().select_related(*related).order_by("id"):
            moment = opens + timedelta(minutes=self.rng.randrange(MINUTES))
            if case.stretch_since < moment <= ends:
                self.done += self.steps.take(case, moment)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=timezone.get_default_timezone())

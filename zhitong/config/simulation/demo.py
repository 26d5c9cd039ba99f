"""A believable past for the demo, from synthetic texts."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from zhitong.cases import queries, services
from zhitong.cases.models import Case
from zhitong.cases.states import Channel
from zhitong.config.simulation import desks, supervision
from zhitong.config.simulation.clockwork import Arrival, Simulation
from zhitong.config.simulation.report import Report
from zhitong.core import data
from zhitong.core.clock import local_date
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Enterprise, Membership
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

SEED = 20211003
LEFT_OPEN, CHANGED = 6, 11  # of so many cases one
SEEN_ELSE = "policy_advice"


class DemoWords:
    """The texts of `data/demo/texts.toml`: each case finds its own again by what was submitted."""

    def __init__(self, table: dict[str, Any]) -> None:
        self.texts = [row["text"].strip() for row in table["trouble"]]
        self.rows = dict(zip(self.texts, table["trouble"], strict=True))
        self.units = {unit.local_code: unit for unit in Department.objects.all()}
        self.missing = table["missing"]
        self.supplement = table["supplement"]
        self.redispatch = table["redispatch"]
        self.reject = table["reject"]
        self.before_leader = table["before_leader"]
        self.comments = table["comments"]
        self.aside = table["aside"]
        self.called = self.aside["contact"]

    def _row(self, case: Case) -> dict[str, Any]:
        return self.rows[case.text]

    def kind(self, case: Case) -> str:
        """The kind of matter."""
        return self._row(case)["kind"]

    def category(self, case: Case, moment: datetime) -> str:
        """What the dispatcher says it is about: mostly what the words suggest, sometimes else or nothing."""
        if case.pk % LEFT_OPEN == 0:
            return ""
        suggestion = queries.suggested_category(case, local_date(moment))
        return SEEN_ELSE if suggestion is None or case.pk % CHANGED == 0 else suggestion.key

    def lead(self, case: Case) -> Department:
        """The bureau that answers."""
        return self.units[self._row(case)["unit"]]

    def outcome(self, case: Case) -> str:
        """How it ends."""
        return self._row(case)["outcome"]

    def note(self, case: Case) -> str:
        """A line of progress."""
        return self._row(case)["note"]

    def answer(self, case: Case) -> str:
        """The answer."""
        return self._row(case)["answer"]

    def comment(self, case: Case) -> str:
        """A word with the rating, often none."""
        return self.comments[case.pk % len(self.comments)]


def fill_demo(now: datetime, *, months: int = 3, cases: int = 70, seed: int = SEED) -> Report:
    """Let the demo city's firms submit troubles over the months before `now`, and the office work."""
    table = data.read("demo", "texts")
    rng = random.Random(seed)  # noqa: S311 - a simulation
    seats = list(Membership.objects.filter(until__isnull=True).select_related("user", "enterprise"))
    begin = now - timedelta(days=30 * months)
    arrivals = []
    for number in range(cases):
        row = table["trouble"][number % len(table["trouble"])]
        seat = rng.choice(seats)
        at = begin + (now - begin) * (number + rng.random()) / cases
        actor = enterprise_queries.firm_actor(seat.user, at)
        arrivals.append(Arrival(at, partial(_submit, row, actor, seat.enterprise, at)))
    words = DemoWords(table)
    simulation = Simulation(seed=seed, words=words, leavers=False)
    arrivals += desks.arrivals(words, now, simulation.apart)
    report = simulation.run(arrivals, until=now)
    supervision.fill(now)
    return report


def _submit(row: dict[str, Any], actor: Actor, firm: Enterprise, at: datetime) -> Case:
    draft = services.Draft(text=row["text"], channel=Channel.DEMO)
    return services.submit(by=actor, now=at, draft=draft, firm=firm)

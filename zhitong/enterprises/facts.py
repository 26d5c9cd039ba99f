"""Facts of a firm by period: periods, whose word counts, and what stands where nothing is known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.enterprises.models import Fact

TABLE = "facts"
# What the rule between statements reads of each.
WEIGHED = ("enterprise_id", "kind", "period", "state", "value", "source", "stated_at", "confirmed_at")
FEN_OF_TEN_THOUSAND = 1_000_000  # offices and standards count in 10,000 yuan
LARGEST = 10**16  # fen: a hundred thousand thousand million yuan; no firm has more of anything
YEAR = re.compile(r"\A\d{4}\Z")
PERIOD = re.compile(r"\A(20\d\d|19\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?\Z")


class State(models.TextChoices):
    """What is known about a fact; a value that is missing is never a zero and never a no."""

    KNOWN = "known", _("Known")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    NOT_COLLECTED = "not_collected", _("Not collected")
    EXPIRED = "expired", _("Too old")


STATED = (State.KNOWN, State.NOT_APPLICABLE)  # what somebody can say; the others follow from what nobody said


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact: its unit, for how many months it is fresh, whose word counts, what it can be."""

    key: str
    unit: str
    fresh: int
    order: tuple[str, ...]
    negative: bool
    texts: dict[str, str] = field(compare=False)

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return data.label(self.texts)


@dataclass(frozen=True, slots=True)
class Answer:
    """What counts for a firm, kind and period: the state, the winning statement, and those it won over."""

    state: State
    winner: Fact | None = None
    others: tuple[Fact, ...] = ()

    @property
    def value(self) -> int | None:
        """The value in the kind's unit; None unless it is known and fresh."""
        return self.winner.value if self.winner is not None and self.state is State.KNOWN else None

    @property
    def disputed(self) -> bool:
        """Whether another source says something else."""
        said = {(fact.state, fact.value) for fact in (self.winner, *self.others) if fact is not None}
        return len(said) > 1


@cache
def _kinds(version: int) -> dict[str, Kind]:
    table = data.read("facts", f"{TABLE}-{version}")
    return {
        key: Kind(
            key, row["unit"], row["fresh"], tuple(row.get("order", table["order"])),
            row.get("negative", False), row["label"],
        )
        for key, row in table["kind"].items()
    }  # fmt: skip


def kinds_on(day: date) -> dict[str, Kind]:
    """Return the kinds of fact that are kept on a day, in the order of their table."""
    return _kinds(data.version_on("facts", TABLE, day))


def table_on(day: date) -> dict[str, Any]:
    """Return the whole table in force on a day: the rule and the sources in words."""
    return data.read("facts", f"{TABLE}-{data.version_on('facts', TABLE, day)}")


@lru_cache(maxsize=1024)
def period_end(period: str) -> date | None:
    """Return the day after the end of `2025`, `2025-Q3` or `2025-07`; None for anything else."""
    found = PERIOD.match(period)
    if found is None:
        return None
    year, quarter, month = found.groups()
    last = int(quarter) * 3 if quarter else int(month or 12)
    return date(int(year) + last // 12, last % 12 + 1, 1)


def is_fresh(kind: Kind, period: str, today: date) -> bool:
    """Whether a value for the period still says something about today."""
    end = period_end(period)
    if end is None:
        return False
    return (today.year - end.year) * 12 + today.month - end.month < kind.fresh


def resolve(kind: Kind, statements: Iterable[Fact]) -> Answer:
    """Decide between statements about one firm, kind and period by the rule of the table."""

    def weight(fact: Fact) -> tuple[bool, int, Any]:
        place = kind.order.index(fact.source) if fact.source in kind.order else len(kind.order)
        return (fact.confirmed_at is None, place, -fact.stated_at.timestamp())

    ranked = sorted(statements, key=weight)
    if not ranked:
        return Answer(State.NOT_COLLECTED)
    return Answer(State(ranked[0].state), ranked[0], tuple(ranked[1:]))


def latest(kind: Kind, statements: Iterable[Fact], today: date) -> Answer:
    """Decide what is known today about one firm and kind: the newest period counts, unless it is too old."""
    by_end: dict[date, list[Fact]] = {}
    for fact in statements:
        by_end.setdefault(period_end(fact.period) or date.min, []).append(fact)
    if not by_end:
        return Answer(State.NOT_COLLECTED)
    found = resolve(kind, by_end[max(by_end)])
    if found.state is State.KNOWN and found.winner and not is_fresh(kind, found.winner.period, today):
        return Answer(State.EXPIRED, found.winner, found.others)
    return found

"""Why a firm fulfils a policy or not: each condition with its article, what is there and what lacks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.book.ways import Way, way
from zhitong.kernel.rules.facts.dictionary import Kind
from zhitong.kernel.rules.facts.writing import amount, said
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.policy.check import Checker
from zhitong.kernel.rules.policy.kinds import Amount, kind_of
from zhitong.kernel.rules.policy.rows import UNKNOWN, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from zhitong.kernel.rules.book.plans import BookPlan, Compiled
    from zhitong.kernel.rules.book.policy import Clause
    from zhitong.kernel.rules.facts.dictionary import Fact
    from zhitong.kernel.rules.policy.check import Condition

    Work = Callable[[Mapping[str, Any]], bool | None]

WORD = {True: "yes", False: "no", None: "unknown"}
ORDERED = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True, slots=True)
class Reading:
    """A fact that a condition reads: its value as people write it, empty where it is missing."""

    fact: str
    value: str
    period: str
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One condition of a policy, for one firm.

    `gap` is what lacks to fulfil a comparison, in the unit of its facts; empty where nothing lacks, or where
    no number says it. `missing` are the facts without which it is not known.
    """

    key: str
    article: str
    text: str
    state: str
    readings: tuple[Reading, ...]
    gap: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A policy for one firm, condition by condition; `way` leads a firm to it that does not fulfil it."""

    key: str
    version: str
    title: str
    number: str
    state: str
    asked: tuple[Asked, ...]
    way: Way | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would decide it; none where it is decided."""
        if self.state != WORD[None]:
            return ()
        return tuple(
            dict.fromkeys(fact for one in self.asked if one.state == WORD[None] for fact in one.missing)
        )


def explain(plan: BookPlan, facts: Mapping[str, Any], *, ways: bool = False) -> tuple[Explained, ...]:
    """Return every policy of a plan for one firm by its facts as they are kept.

    With `ways`, each policy that the firm does not fulfil comes with a way to it; looking for them takes
    longer than all the rest.
    """
    here = _Explaining(plan, Row(plan.dictionary, facts, plan.day), ways=ways)
    return tuple(here.policy(one) for one in plan.policies)


def deciding(explained: tuple[Explained, ...]) -> list[tuple[str, int]]:
    """Return the missing facts with the number of undecided policies that ask for each, most asked first."""
    counts: dict[str, int] = {}
    for one in explained:
        for fact in one.missing:
            counts[fact] = counts.get(fact, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


class _Explaining:
    """Explains the policies of a plan to one firm; a fact is written down once, however many read it."""

    def __init__(self, plan: BookPlan, row: Row, *, ways: bool) -> None:
        self.plan, self.row, self.ways = plan, row, ways
        self.readings: dict[str, Reading] = {}

    def policy(self, one: Compiled) -> Explained:
        """Explain one policy."""
        policy = one.policy
        works = self.plan.works[policy.digest]
        parts = zip(policy.clauses, one.conditions, one.facts, works, strict=True)
        asked = tuple(self.asked(*part) for part in parts)
        found = {each.state for each in asked}
        state = WORD[False] if WORD[False] in found else WORD[None] if WORD[None] in found else WORD[True]
        leading = way(one, self.row) if self.ways and state == WORD[False] else None
        return Explained(policy.key, policy.digest, policy.title, policy.number, state, asked, leading)

    def asked(
        self, clause: Clause, condition: Condition, facts: tuple[Fact, ...], work: Work | None
    ) -> Asked:
        """Explain one condition."""
        kept = self.row.facts
        state = work(kept) if work is not None else self.row.holds(condition.tree)
        missing = tuple(fact.name for fact in facts if kept.get(fact.name) is None) if state is None else ()
        gap = _gap(condition, condition.tree, self.row, self.plan.kinds) if state is False else ""
        readings = tuple(self.reading(fact) for fact in facts)
        return Asked(clause.key, clause.article, clause.said, WORD[state], readings, gap, missing)

    def reading(self, fact: Fact) -> Reading:
        """Return what the firm has of a fact."""
        if fact.name not in self.readings:
            value = said(fact, self.row.facts.get(fact.name))
            self.readings[fact.name] = Reading(fact.name, value, fact.period, fact.source)
        return self.readings[fact.name]


def _gap(condition: Condition, tree: nodes.Node, row: Row, kinds: dict[int, Kind]) -> str:
    """What lacks in a comparison that does not hold; of several that all have to hold, the first one's."""
    if isinstance(tree, nodes.Binary) and tree.sign == "and":
        parts = [part for part in (tree.left, tree.right) if row.holds(part) is False]
        return _gap(condition, parts[0], row, kinds) if parts else ""
    if isinstance(tree, nodes.Binary) and tree.sign in ORDERED:
        left, right = row.value(tree.left), row.value(tree.right)
        if isinstance(left, Fraction) and isinstance(right, Fraction) and UNKNOWN not in (left, right):
            if id(tree) not in kinds:
                kinds[id(tree)] = _kind(condition, tree, row)
            return amount(abs(right - left), kinds[id(tree)])
    return ""


def _kind(condition: Condition, tree: nodes.Binary, row: Row) -> Kind:
    """What the two sides of a comparison count."""
    checker = Checker(condition.source, row.dictionary, row.today)
    sides = [checker.kind(side) for side in (tree.left, tree.right)]
    counted = [
        kind_of(side.quantity) for side in sides if isinstance(side, Amount) and not side.quantity.literal
    ]
    return counted[0] if counted else Kind.NUMBER

"""What a firm would have to change to fulfil a policy: the cheapest change found, held to the policy.

A change of a number costs the share by which it moves (from 100 to 125: 20 %), a yes or no costs one. Of
conditions that all have to hold each is mended, of alternatives the cheapest, of "at least so many" the
cheapest ones that lack. Codes and days are not the firm's to change. Facts that are missing stay missing: a
way leads to "fulfilled, or not known yet".
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.facts.dictionary import NUMERIC, Kind
from zhitong.kernel.rules.facts.writing import said
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.policy.rows import UNKNOWN, Row, facts_of
from zhitong.kernel.rules.policy.words import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from zhitong.kernel.rules.book.plans import Compiled
    from zhitong.kernel.rules.facts.dictionary import Fact

ROUNDS = 6  # mending one condition may break another, a share of the turnover for instance
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "!=", "!=": "="}
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One fact that changes, as people write it before and after; `cost` is the share by which it moves."""

    fact: str
    before: str
    after: str
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Way:
    """The facts that change together; `open` are missing ones that the policy would still ask for."""

    steps: tuple[Step, ...]
    cost: Fraction
    open: tuple[str, ...]


def way(one: Compiled, row: Row) -> Way | None:
    """Return how a firm comes to fulfil a policy; None where nothing that it can change leads there.

    Of a policy that it fulfils already, or may fulfil, the way has no steps.
    """
    changes: Facts = {}
    for _round in range(ROUNDS):
        here = _with(row, changes)
        failing = [found for found in one.conditions if here.holds(found.tree) is False]
        if not failing:
            return _said(one, row, changes)
        for condition in failing:
            more = _Mending(_with(row, changes)).mend(condition.tree, wanted=True)
            if more is None:
                return None
            changes |= more
    return None


def _said(one: Compiled, row: Row, changes: Facts) -> Way:
    steps = []
    for name, value in changes.items():
        fact, before = _fact(row, name), row.facts.get(name)
        if value != before:
            steps.append(Step(name, said(fact, before), said(fact, value), _cost(before, value)))
    here = _with(row, changes)
    asked = [found.tree for found in one.conditions if here.holds(found.tree) is None]
    read = (fact.name for tree in asked for fact in facts_of(tree, row.dictionary))
    missing = dict.fromkeys(name for name in read if here.facts.get(name) is None)
    return Way(tuple(steps), sum((step.cost for step in steps), Fraction(0)), tuple(missing))


def _fact(row: Row, name: str) -> Fact:
    """The fact of a name that is a key of facts."""
    found = row.dictionary.find(name)
    assert found is not None  # noqa: S101 - the name comes from the dictionary
    return found


def _with(row: Row, changes: Facts) -> Row:
    return Row(row.dictionary, {**row.facts, **changes}, row.today)


def _cost(before: Any, after: Any) -> Fraction:
    if isinstance(after, bool) or before is None:
        return Fraction(1)
    return Fraction(abs(after - before), max(abs(after), abs(before), 1))


class _Mending:
    """Looks for the cheapest change of a firm's facts after which a condition is as it is wanted."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def mend(self, tree: nodes.Node, *, wanted: bool) -> Facts | None:
        """Return the facts that change; nothing changes where the condition is unknown or as wanted."""
        found = self.row.value(tree)
        if found is UNKNOWN or found is wanted:
            return {}
        for kind, do in WAYS.items():
            if isinstance(tree, kind):
                return do(self, tree, wanted)
        return None

    def cost(self, changes: Facts) -> Fraction:
        """What changes cost together."""
        return sum((_cost(self.row.facts.get(name), value) for name, value in changes.items()), Fraction(0))

    def together(self, parts: list[nodes.Node], *, wanted: bool) -> Facts | None:
        """Mend all of some conditions, each with what was changed for those before it."""
        changes: Facts = {}
        for part in parts:
            more = _Mending(_with(self.row, changes)).mend(part, wanted=wanted)
            if more is None:
                return None
            changes |= more
        return changes

    def cheapest(self, parts: list[nodes.Node], *, wanted: bool, number: int = 1) -> Facts | None:
        """Mend so many of some conditions that are not as wanted, the cheapest ones."""
        lacking = [part for part in parts if self.row.value(part) is (not wanted)]
        found = [change for part in lacking if (change := self.mend(part, wanted=wanted)) is not None]
        if len(found) < number:
            return None
        chosen: Facts = {}
        for change in sorted(found, key=self.cost)[:number]:
            chosen |= change
        return chosen


def _binary(here: _Mending, tree: nodes.Binary, wanted: bool) -> Facts | None:  # noqa: FBT001 - one of a table
    if tree.sign in {"and", "or"}:
        parts = list(_spine(tree))
        return (
            here.together(parts, wanted=wanted)
            if (tree.sign == "and") is wanted
            else here.cheapest(parts, wanted=wanted)
        )
    if tree.sign not in OPPOSITE:
        return None
    return _numbers(here, tree, lambda changed: changed.value(tree) is wanted)


def _spine(tree: nodes.Binary) -> Iterator[nodes.Node]:
    parts: list[nodes.Node] = []
    here: nodes.Node = tree
    while isinstance(here, nodes.Binary) and here.sign == tree.sign:
        parts.append(here.right)
        here = here.left
    yield here
    yield from reversed(parts)


def _name(here: _Mending, tree: nodes.Name, wanted: bool) -> Facts | None:  # noqa: FBT001 - same
    fact = here.row.fact(tree.name)
    return {fact.name: wanted} if fact.kind is Kind.FLAG else None


def _call(here: _Mending, tree: nodes.Call, wanted: bool) -> Facts | None:  # noqa: FBT001 - same
    assert isinstance(tree.function, nodes.Name)  # noqa: S101 - the checker let nothing else through
    name = FUNCTIONS[tree.function.name]
    if name == "not":
        return here.mend(tree.arguments[0], wanted=not wanted)
    if name == "default" and isinstance(tree.arguments[0], nodes.Name):
        return _name(here, tree.arguments[0], wanted)
    if name != "at least":
        return None
    number, *rest = tree.arguments
    tests = [item for part in rest for item in (part.items if isinstance(part, nodes.Items) else [part])]
    holding = sum(here.row.value(test) is True for test in tests)
    least = int(here.row.value(number))
    lacking = least - holding if wanted else holding - least + 1
    return here.cheapest(tests, wanted=wanted, number=lacking)


def _between(here: _Mending, tree: nodes.Between, wanted: bool) -> Facts | None:  # noqa: FBT001 - same
    return _numbers(here, tree, lambda changed: changed.value(tree) is wanted)


def _if(here: _Mending, tree: nodes.If, wanted: bool) -> Facts | None:  # noqa: FBT001 - same
    return here.mend(tree.then if here.row.value(tree.condition) else tree.otherwise, wanted=wanted)


# ---------------------------------------------------------------- numbers


def _numbers(here: _Mending, tree: nodes.Node, holds: Callable[[Row], bool]) -> Facts | None:
    """Move one number of a comparison to the nearest value with which it is as wanted, the cheapest one."""
    found: list[Facts] = []
    for fact in facts_of(tree, here.row.dictionary):
        kept = here.row.facts.get(fact.name)
        if fact.kind in NUMERIC and kept is not None:
            found += _nearest(here.row, tree, fact, holds)
    return min(found, key=here.cost, default=None)


def _nearest(row: Row, tree: nodes.Node, fact: Fact, holds: Callable[[Row], bool]) -> list[Facts]:
    (low, high), kept = fact.bounds, row.facts[fact.name]
    within = {at for at in _limits(row, tree, fact) if low <= at <= high}
    near = sorted(within, key=lambda at: (abs(at - kept), at))
    return [{fact.name: at} for at in near if holds(_with(row, {fact.name: at}))][:1]


def _limits(row: Row, tree: nodes.Node, fact: Fact) -> Iterator[int]:
    """Give whole numbers around each value of a fact at which one of its comparisons turns."""
    for left, right in _pairs(tree):
        for root in _roots(row, left, right, fact):
            whole = root * fact.scale
            for at in (floor(whole), ceil(whole)):
                yield from (at - 1, at, at + 1)


def _pairs(tree: nodes.Node) -> Iterator[tuple[nodes.Node, nodes.Node]]:
    """Give what is compared in a comparison."""
    if isinstance(tree, nodes.Binary):
        yield tree.left, tree.right
    elif isinstance(tree, nodes.Between):
        yield tree.value, tree.low
        yield tree.value, tree.high
    elif isinstance(tree, nodes.In):
        for test in tree.tests.tests:
            for item in test.items if isinstance(test, nodes.Items) else [test]:
                ends = (item.low, item.high) if isinstance(item, nodes.Span) else (item,)
                for end in ends:
                    yield tree.value, end.value if isinstance(end, nodes.Test) else end


def _roots(row: Row, left: nodes.Node, right: nodes.Node, fact: Fact) -> Iterator[Fraction]:
    """Give the value of a fact, in the unit people write, at which both sides are equal.

    The difference of the sides is a line in most facts, and a line once it is multiplied by a fact that
    divides; anything else is left alone.
    """
    kept = row.facts[fact.name]
    spread = max(abs(kept), 1)
    points = [kept + spread, kept + 2 * spread, kept + 3 * spread]
    values = []
    for at in points:
        changed = _with(row, {fact.name: at})
        sides = changed.value(left), changed.value(right)
        if not all(isinstance(side, Fraction) for side in sides):
            return
        values.append(sides[0] - sides[1])
    xs = [Fraction(at, fact.scale) for at in points]
    for ys in (values, [x * y for x, y in zip(xs, values, strict=True)]):
        slope = (ys[1] - ys[0]) / (xs[1] - xs[0])
        if slope and ys[2] - ys[1] == slope * (xs[2] - xs[1]):
            yield xs[0] - ys[0] / slope


WAYS: Mapping[type[nodes.Node], Callable[[_Mending, Any, bool], Facts | None]] = {
    nodes.Binary: _binary,
    nodes.Name: _name,
    nodes.Call: _call,
    nodes.Between: _between,
    nodes.In: _between,
    nodes.If: _if,
}

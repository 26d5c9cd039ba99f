"""From the tree of a condition to what is compiled of it, with every fault of type, unit and name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING

from zhitong.kernel.rules.facts.dictionary import EPOCH, Dictionary, Kind
from zhitong.kernel.rules.feel.dates import Date
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.feel.literals import at_literal, number
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.names import Names
from zhitong.kernel.rules.lang.parser import expression
from zhitong.kernel.rules.policy import comparing, functions, ir, kinds, sums
from zhitong.kernel.rules.policy.numbers import SIGNS, Bounded, Quantity, whole
from zhitong.kernel.rules.policy.weight import MOST_WEIGHT, weight
from zhitong.kernel.rules.policy.words import FUNCTIONS, KNOWN, TODAY
from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.facts.dictionary import Fact
    from zhitong.kernel.rules.lang.source import Source

FIRST_DAY, LAST_DAY = (date(1000, 1, 1) - EPOCH).days, (date(9999, 12, 31) - EPOCH).days
BROKEN = kinds.Broken()
MONEY = (("money", 1),)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that can be asked of firms: its text, its tree, and what is compiled of it.

    Without `test` it is worked out row by row; `why_slow` says why.
    """

    source: Source
    tree: nodes.Node
    test: ir.Test | None
    why_slow: str = ""


def condition(source: Source, dictionary: Dictionary, today: date) -> Condition:
    """Return the condition of a text as of a day; RulesError with all its problems."""
    tree = expression(source, KNOWN, Names(dictionary.by_name))
    checker = Checker(source, dictionary, today)
    found = checker.whole(tree)
    if not isinstance(found, (kinds.Truth, kinds.Broken)):
        checker.problem(tree, f"This is {kinds.said(found)}, not a condition.", "Compare it with something.")
    if checker.problems:
        raise RulesError(checker.problems)
    assert isinstance(found, kinds.Truth)  # noqa: S101 - everything else has a problem
    if weight(found.test) > MOST_WEIGHT:
        checker.slow("It is too intricate for columns.")
    return Condition(source, tree, None if checker.why_slow else found.test, checker.why_slow)


@dataclass(slots=True)
class Checker:
    """Checks one text; problems are collected, and what has one is Broken."""

    source: Source
    dictionary: Dictionary
    today: date
    problems: list[Problem] = field(default_factory=list)
    why_slow: str = ""

    def problem(self, node: nodes.Node, message: str, mend: str = "") -> kinds.Broken:
        """Keep a problem."""
        self.problems.append(self.source.problem(node.begin, node.end, message, mend))
        return BROKEN

    def kind(self, node: nodes.Node) -> kinds.Checked:
        """Return what a node is."""
        check = CHECKS.get(type(node))
        if check is None:
            return self.problem(node, "This form has no meaning in a condition.", "See the policy language.")
        return check(self, node)

    def whole(self, tree: nodes.Node) -> kinds.Checked:
        """Return what a whole text is; one whose parts hang too deep on one another is refused."""
        try:
            return self.kind(tree)
        except RecursionError:
            return self.problem(tree, "This is too intricate.", "Divide it into several conditions.")

    def slow(self, why: str) -> None:
        """Note that it is worked out row by row."""
        self.why_slow = self.why_slow or why

    def truth(self, node: nodes.Node) -> ir.Test:
        """Return the test of a node that has to be a condition."""
        found = self.kind(node)
        if isinstance(found, kinds.Truth):
            return found.test
        if not isinstance(found, kinds.Broken):
            self.problem(node, f"This is {kinds.said(found)}, not a condition.", "Compare it with something.")
        return ir.Constant(None)

    def fact(self, name: str) -> Fact | None:
        """Return the fact of a name."""
        return self.dictionary.by_name.get(name)


def day_number(value: Date | date) -> int:
    """Return a day as the days since 1970-01-01."""
    return (date(value.year, value.month, value.day) - EPOCH).days


def a_day(number_: int) -> kinds.Day:
    """Return a day that is written out."""
    return kinds.Day(Bounded(ir.Whole(number_), number_, number_))


def _literal(checker: Checker, node: nodes.Literal) -> kinds.Checked:
    if node.value is None:
        return kinds.Nothing()
    if isinstance(node.value, bool):
        return kinds.Truth(ir.Constant(node.value))
    if isinstance(node.value, str):
        return kinds.Word(node.value)
    money = "\u5143" in node.unit
    plain = number(node)
    if plain is None:
        return checker.problem(node, "No number is as large as this.")
    value = Fraction(plain)
    return kinds.Amount(whole(value, units=MONEY if money else (), literal=not money and node.unit != "%"))


def _at(checker: Checker, node: nodes.At) -> kinds.Checked:
    found = at_literal(node.text)
    if isinstance(found, Date):
        return _within(checker, node, found)
    if not isinstance(found, (DayTime, YearMonth)):
        return checker.problem(node, "This is no day and no duration.", 'Write @"2026-07-01" or @"P1Y".')
    return kinds.Lapse(found)


def _within(checker: Checker, node: nodes.Node, value: Date) -> kinds.Checked:
    if not 1000 <= value.year <= 9999:  # noqa: PLR2004
        return checker.problem(node, "Days lie between the years 1000 and 9999.")
    return a_day(day_number(value))


def _name(checker: Checker, node: nodes.Name) -> kinds.Checked:
    if node.name in TODAY:
        return a_day(day_number(checker.today))
    fact = checker.fact(node.name)
    if fact is None:
        if node.name in FUNCTIONS:
            return checker.problem(node, "This is a function.", f"Write {node.name}(...).")
        near = get_close_matches(node.name, checker.dictionary.by_name, n=1)
        mend = f"Is {near[0]} meant?" if near else "Enter it into the dictionary of facts."
        return checker.problem(node, "No fact has this name.", mend)
    return KINDS[fact.kind](fact)


def _amount(fact: Fact) -> kinds.Amount:
    low, high = fact.bounds
    units = ((fact.unit, 1),) if fact.unit else ()
    return kinds.Amount(Quantity(Bounded(ir.Field(fact.name), low, high, fact.scale), units=units), fact.name)


KINDS: dict[Kind, Callable[[Fact], kinds.Checked]] = {
    **dict.fromkeys((Kind.MONEY, Kind.COUNT, Kind.RATIO, Kind.NUMBER), _amount),
    Kind.FLAG: lambda fact: kinds.Truth(ir.Flag(fact.name)),
    Kind.CODE: lambda fact: kinds.Code(fact.name, fact.codes),
    Kind.DAY: lambda fact: kinds.Day(Bounded(ir.Field(fact.name), FIRST_DAY, LAST_DAY), fact.name),
}


def _joined(checker: Checker, node: nodes.Binary) -> kinds.Checked:
    if node.sign in {"and", "or"}:
        tests = tuple(checker.truth(part) for part in _chain(node))
        return kinds.Truth(ir.All(tests) if node.sign == "and" else ir.Some(tests))
    if node.sign in sums.SUMS:
        return _folded(checker, node)
    if node.sign not in SIGNS:
        return checker.problem(node, "Powers have no meaning in a condition.", "Write x * x.")
    left, right = checker.kind(node.left), checker.kind(node.right)
    return comparing.compared(checker, node, node.sign, left, right)


def _folded(checker: Checker, node: nodes.Binary) -> kinds.Checked:
    """A sum of a thousand parts leans to the left; it is walked, not climbed."""
    spine = [node]
    while isinstance(spine[-1].left, nodes.Binary) and spine[-1].left.sign in sums.SUMS:
        spine.append(spine[-1].left)
    found = checker.kind(spine[-1].left)
    for piece in reversed(spine):
        found = sums.joined(checker, piece, found, checker.kind(piece.right))
    return found


def _chain(node: nodes.Binary) -> list[nodes.Node]:
    """The parts of `a and b and c`, from left to right."""
    found: list[nodes.Node] = []
    here: nodes.Node = node
    while isinstance(here, nodes.Binary) and here.sign == node.sign:
        found.append(here.right)
        here = here.left
    return [here, *reversed(found)]


def _if(checker: Checker, node: nodes.If) -> kinds.Checked:
    test = checker.truth(node.condition)
    then, otherwise = checker.kind(node.then), checker.kind(node.otherwise)
    if isinstance(then, kinds.Truth) and isinstance(otherwise, kinds.Truth):
        return kinds.Truth(ir.Switch(test, then.test, otherwise.test))
    if isinstance(then, kinds.Amount) and isinstance(otherwise, kinds.Amount):
        return sums.chosen(checker, node, test, then, otherwise)
    if kinds.Broken in {type(then), type(otherwise)}:
        return BROKEN
    return checker.problem(node, f"One way gives {kinds.said(then)}, the other {kinds.said(otherwise)}.")


CHECKS: dict[type[nodes.Node], Callable[[Checker, nodes.Node], kinds.Checked]] = {
    nodes.Literal: _literal,
    nodes.At: _at,
    nodes.Name: _name,
    nodes.Binary: _joined,
    nodes.Negate: sums.negated,
    nodes.Between: comparing.between,
    nodes.In: comparing.is_in,
    nodes.If: _if,
    nodes.Call: functions.call,
}  # type: ignore[dict-item]

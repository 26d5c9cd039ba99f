"""The functions of conditions: reported, default, at least, full years, and a few of FEEL's."""

from __future__ import annotations

from math import lcm
from typing import TYPE_CHECKING

from zhitong.kernel.rules.feel.dates import read_date
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.policy import ir, kinds
from zhitong.kernel.rules.policy.comparing import fact_of
from zhitong.kernel.rules.policy.numbers import Bounded, Quantity
from zhitong.kernel.rules.policy.sums import same_units, whole_pair
from zhitong.kernel.rules.policy.words import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.policy.check import Checker

MOST_YEARS = 9_000


def call(checker: Checker, node: nodes.Call) -> kinds.Checked:
    """Return what a function of conditions gives."""
    name = node.function.name if isinstance(node.function, nodes.Name) else ""
    known = FUNCTIONS.get(name)
    if known is None:
        return checker.problem(
            node, "Conditions know no such function.", f"They know {', '.join(FUNCTIONS)}."
        )
    if node.names:
        return checker.problem(node, "Arguments are given by their place.", "Leave their names out.")
    takes, do = CALLS[known]
    if len(node.arguments) not in takes:
        return checker.problem(
            node, f"{name}() takes {takes.start} arguments or more, fewer than {takes.stop}."
        )
    return do(checker, node)


def _reported(checker: Checker, node: nodes.Call) -> kinds.Checked:
    name = fact_of(checker.kind(node.arguments[0]))
    if not name:
        return checker.problem(node, "Only a fact is reported or not.", "Name one fact.")
    return kinds.Truth(ir.Reported(name))


def _default(checker: Checker, node: nodes.Call) -> kinds.Checked:
    value, instead = (checker.kind(argument) for argument in node.arguments)
    if isinstance(value, kinds.Truth) and isinstance(instead, kinds.Truth):
        if isinstance(instead.test, ir.Constant) and isinstance(instead.test.value, bool):
            return kinds.Truth(ir.Certain(value.test, instead.test.value))
    elif isinstance(value, kinds.Amount) and isinstance(instead, kinds.Amount):
        return _default_number(checker, node, value, instead)
    if kinds.Broken in {type(value), type(instead)}:
        return kinds.Broken()
    return checker.problem(node, "What stands for a missing fact is written out and of its kind.")


def _default_number(
    checker: Checker, node: nodes.Call, value: kinds.Amount, instead: kinds.Amount
) -> kinds.Checked:
    if not same_units(checker, node, value.quantity, instead.quantity):
        return kinds.Broken()
    pair = whole_pair(value.quantity, instead.quantity)
    if pair is None or not isinstance(pair[1].piece, ir.Whole):
        return checker.problem(node, "What stands for a missing fact is written out and no quotient.")
    one, other = pair
    low, high = min(one.low, other.low), max(one.high, other.high)
    found = Bounded(ir.Filled(one.piece, other.piece.value), low, high, one.scale, one.large or other.large)
    return kinds.Amount(Quantity(found, units=value.quantity.units or instead.quantity.units))


def _at_least(checker: Checker, node: nodes.Call) -> kinds.Checked:
    number, *rest = node.arguments
    written = isinstance(number, nodes.Literal) and not number.unit and str(number.value).isdecimal()
    if not isinstance(number, nodes.Literal) or not written:
        return checker.problem(number, "How many have to hold is a whole number that is written out.")
    listed = [item for part in rest for item in (part.items if isinstance(part, nodes.Items) else [part])]
    tests = tuple(checker.truth(item) for item in listed)
    if int(str(number.value)) > len(tests):
        return checker.problem(node, f"Of {len(tests)} conditions, {number.value} can never hold.")
    return kinds.Truth(ir.AtLeast(int(str(number.value)), tests))


def _years(checker: Checker, node: nodes.Call) -> kinds.Checked:
    since, until = (checker.kind(argument) for argument in node.arguments)
    if kinds.Broken in {type(since), type(until)}:
        return kinds.Broken()
    if not isinstance(since, kinds.Day) or not isinstance(until, kinds.Day):
        return checker.problem(node, "Full years lie between two days.")
    piece = ir.Years(since.number.piece, until.number.piece)
    return kinds.Amount(Quantity(Bounded(piece, -MOST_YEARS, MOST_YEARS)))


def _extreme(checker: Checker, node: nodes.Call) -> kinds.Checked:
    largest = isinstance(node.function, nodes.Name) and node.function.name == "max"
    listed = [
        item for part in node.arguments for item in (part.items if isinstance(part, nodes.Items) else [part])
    ]
    found = [checker.kind(item) for item in listed]
    amounts = [one for one in found if isinstance(one, kinds.Amount)]
    if len(amounts) < len(found) or not amounts:
        return (
            kinds.Broken()
            if kinds.Broken in set(map(type, found))
            else checker.problem(node, "Numbers, please.")
        )
    return _of_all(checker, node, [one.quantity for one in amounts], largest=largest)


def _of_all(checker: Checker, node: nodes.Call, given: list[Quantity], *, largest: bool) -> kinds.Checked:
    """The largest or smallest of numbers that count the same, all at one scale."""
    units = next((one.units for one in given if one.units), ())
    first = next((one for one in given if one.units == units), given[0])
    if not all(same_units(checker, node, first, one) for one in given):
        return kinds.Broken()
    if not all(one.plain for one in given):
        return checker.problem(node, "A quotient is compared at once.", "Compare each with the limit.")
    scale = lcm(*(one.over.scale for one in given))
    numbers = [one.over.at(scale) for one in given]
    pick = max if largest else min
    low, high = pick(one.low for one in numbers), pick(one.high for one in numbers)
    piece = ir.Extreme(largest, tuple(one.piece for one in numbers))
    found = Bounded(piece, low, high, scale, any(one.large for one in numbers))
    return kinds.Amount(Quantity(found, units=units, literal=all(one.literal for one in given)))


def _absolute(checker: Checker, node: nodes.Call) -> kinds.Checked:
    found = checker.kind(node.arguments[0])
    if not isinstance(found, kinds.Amount) or not found.quantity.plain:
        return (
            kinds.Broken() if isinstance(found, kinds.Broken) else checker.problem(node, "A number, please.")
        )
    number = found.quantity.over
    high = max(abs(number.low), abs(number.high))
    piece = Bounded(ir.Absolute(number.piece), 0, high, number.scale, number.large)
    return kinds.Amount(Quantity(piece, units=found.quantity.units))


def _not(checker: Checker, node: nodes.Call) -> kinds.Checked:
    return kinds.Truth(ir.Not(checker.truth(node.arguments[0])))


def _date(checker: Checker, node: nodes.Call) -> kinds.Checked:
    (written,) = node.arguments
    found = (
        read_date(written.value)
        if isinstance(written, nodes.Literal) and isinstance(written.value, str)
        else None
    )
    if found is None:
        return checker.problem(node, "A day is written out.", 'Write date("2026-07-01").')
    return checker.kind(nodes.At(node.begin, node.end, str(found)))


CALLS: dict[str, tuple[range, Callable[[Checker, nodes.Call], kinds.Checked]]] = {
    "reported": (range(1, 2), _reported),
    "default": (range(2, 3), _default),
    "at least": (range(2, 500), _at_least),
    "years": (range(2, 3), _years),
    "min": (range(1, 500), _extreme),
    "max": (range(1, 500), _extreme),
    "abs": (range(1, 2), _absolute),
    "not": (range(1, 2), _not),
    "date": (range(1, 2), _date),
}

"""Sums and products of facts: only what counts the same is added."""

from __future__ import annotations

from dataclasses import replace
from math import lcm
from typing import TYPE_CHECKING

from zhitong.kernel.rules.facts.dictionary import EPOCH
from zhitong.kernel.rules.feel.arithmetic import later
from zhitong.kernel.rules.feel.dates import DAY, NANO, Date
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.policy import ir, kinds, numbers
from zhitong.kernel.rules.policy.numbers import Bounded, Quantity

if TYPE_CHECKING:
    from zhitong.kernel.rules.lang import nodes
    from zhitong.kernel.rules.policy.check import Checker

MOST_DAYS = 1_000_000
SUMS = frozenset({"+", "-", "*", "/"})


def joined(checker: Checker, node: nodes.Binary, left: kinds.Checked, right: kinds.Checked) -> kinds.Checked:
    """Return a sum, difference, product or quotient."""
    if isinstance(left, kinds.Broken) or isinstance(right, kinds.Broken):
        return kinds.Broken()
    if isinstance(left, kinds.Amount) and isinstance(right, kinds.Amount):
        return _of_numbers(checker, node, left.quantity, right.quantity)
    if isinstance(left, kinds.Day) and isinstance(right, kinds.Lapse) and node.sign in {"+", "-"}:
        return _moved(checker, node, left, right)
    said = f"'{node.sign}' does not fit between {kinds.said(left)} and {kinds.said(right)}."
    return checker.problem(node, said)


def _of_numbers(checker: Checker, node: nodes.Binary, left: Quantity, right: Quantity) -> kinds.Checked:
    if node.sign == "*":
        return kinds.Amount(numbers.multiplied(left, right))
    if node.sign == "/":
        if right.over.low == right.over.high == 0:
            return checker.problem(node, "Nothing can be divided by zero.")
        return kinds.Amount(numbers.divided(left, right))
    if not same_units(checker, node, left, right):
        return kinds.Broken()
    found = numbers.added(left, right, 1 if node.sign == "+" else -1)
    return kinds.Amount(
        replace(found, units=left.units or right.units, literal=left.literal and right.literal)
    )


def same_units(checker: Checker, node: nodes.Node, left: Quantity, right: Quantity) -> bool:
    """Whether two numbers count the same; a problem says how to mend it where they do not."""
    if left.units == right.units or _adapts(left, right) or _adapts(right, left):
        return True
    counted = kinds.said(kinds.Amount(left)), kinds.said(kinds.Amount(right))
    bare = left.literal or right.literal
    money = ("money", 1) in (*left.units, *right.units)
    mend = (
        "Write the unit right behind the number: 5000\u4e07\u5143."
        if bare and money
        else "Compare like with like."
    )
    checker.problem(node, f"{counted[0]} and {counted[1]} do not count the same.".capitalize(), mend)
    return False


def _adapts(bare: Quantity, other: Quantity) -> bool:
    """Whether a number without unit stands for as many of what the other counts; of money it never does."""
    return bare.literal and not any(name == "money" for name, _power in other.units)


def _moved(checker: Checker, node: nodes.Binary, day: kinds.Day, lapse: kinds.Lapse) -> kinds.Checked:
    sign = 1 if node.sign == "+" else -1
    duration = lapse.duration
    if isinstance(duration, DayTime):
        days, rest = divmod(duration.nanos, DAY * NANO)
        if rest or abs(days) > MOST_DAYS:
            return checker.problem(node, f"A day is moved by whole days, by {MOST_DAYS} at most.")
        moved = Bounded(ir.Whole(sign * days), sign * days, sign * days)
        return kinds.Day(
            Bounded(
                ir.Sum(day.number.piece, moved.piece),
                day.number.low + moved.low,
                day.number.high + moved.high,
            )
        )
    if not isinstance(day.number.piece, ir.Whole):
        return checker.problem(
            node, "Months are added to a written day only, since months differ in length.",
            "Move the other side, or ask for full years.",
        )  # fmt: skip
    return _months_later(checker, node, day.number.piece.value, sign * duration.months)


def _months_later(checker: Checker, node: nodes.Node, number: int, months: int) -> kinds.Checked:
    day = EPOCH.fromordinal(EPOCH.toordinal() + number)
    moved = later(Date(day.year, day.month, day.day), months)
    if moved is None or not 1000 <= moved.year <= 9999:  # noqa: PLR2004
        return checker.problem(node, "This day lies outside the years 1000 to 9999.")
    found = EPOCH.replace(moved.year, moved.month, moved.day).toordinal() - EPOCH.toordinal()
    return kinds.Day(Bounded(ir.Whole(found), found, found))


def negated(checker: Checker, node: nodes.Negate) -> kinds.Checked:
    """Return a number or a duration with the other sign."""
    found = checker.kind(node.value)
    if isinstance(found, kinds.Amount):
        quantity = found.quantity
        return kinds.Amount(replace(quantity, over=numbers.negated(quantity.over)))
    if isinstance(found, kinds.Lapse):
        duration = found.duration
        turned = YearMonth(-duration.months) if isinstance(duration, YearMonth) else DayTime(-duration.nanos)
        return kinds.Lapse(turned)
    if not isinstance(found, kinds.Broken):
        checker.problem(node, f"{kinds.said(found).capitalize()} has no opposite.")
    return kinds.Broken()


def whole_pair(left: Quantity, right: Quantity) -> tuple[Bounded, Bounded] | None:
    """Return two undivided numbers at one scale; None where one is a quotient."""
    if not left.plain or not right.plain:
        return None
    scale = lcm(left.over.scale, right.over.scale)
    return left.over.at(scale), right.over.at(scale)


def chosen(
    checker: Checker, node: nodes.Node, test: ir.Test, then: kinds.Amount, otherwise: kinds.Amount
) -> kinds.Checked:
    """Return one of two numbers by a test."""
    if not same_units(checker, node, then.quantity, otherwise.quantity):
        return kinds.Broken()
    pair = whole_pair(then.quantity, otherwise.quantity)
    if pair is None:
        return checker.problem(node, "A quotient is compared at once.", "Move the comparison into both ways.")
    one, other = pair
    low, high = min(one.low, other.low), max(one.high, other.high)
    found = Bounded(ir.Chosen(test, one.piece, other.piece), low, high, one.scale, one.large or other.large)
    literal = then.quantity.literal and otherwise.quantity.literal
    units = then.quantity.units or otherwise.quantity.units
    return kinds.Amount(Quantity(found, units=units, literal=literal))

"""Numbers while a condition is checked: what they count, at which scale, how large they can be.

A quotient is kept as two whole numbers until it is compared: `a / b >= t` becomes `a >= t * b` where b is
above zero, so that 79.999 % is below 80 %, however many digits there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from zhitong.kernel.rules.policy import ir

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 2**62  # what columns hold; larger ones are worked out row by row


class TooLargeError(Exception):
    """A number can be larger than a column holds."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A whole number with its bounds: `piece` times `1 / scale` is the number that is meant."""

    piece: ir.Number
    low: int
    high: int
    scale: int = 1
    large: bool = False  # it, or a number on the way to it, can be larger than a column holds

    def __post_init__(self) -> None:
        if not (self.low > -LARGEST and self.high < LARGEST):
            object.__setattr__(self, "large", True)

    def times(self, factor: int) -> Bounded:
        """Return the number times a whole one above zero, at the same scale."""
        if factor == 1:
            return self
        piece = (
            ir.Whole(self.piece.value * factor)
            if isinstance(self.piece, ir.Whole)
            else ir.Product(self.piece, ir.Whole(factor))
        )
        large = self.large or factor >= LARGEST
        return Bounded(piece, self.low * factor, self.high * factor, self.scale, large)

    def at(self, scale: int) -> Bounded:
        """Return the same number at a finer scale."""
        finer = self.times(scale // self.scale)
        return Bounded(finer.piece, finer.low, finer.high, scale, finer.large)


ONE = Bounded(ir.Whole(1), 1, 1)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is meant: a quotient of two, and the powers of what it counts (money: 1).

    `nonzero` were divided by on the way and stand in neither any more; where one is zero, nothing is known.
    """

    over: Bounded
    under: Bounded = ONE
    units: tuple[tuple[str, int], ...] = ()
    literal: bool = False  # written out without a unit
    nonzero: tuple[Bounded, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is divided by nothing."""
        return self.under == ONE and not self.nonzero

    @property
    def large(self) -> bool:
        """Whether it or a part of it can be larger than a column holds."""
        return any(part.large for part in (self.over, self.under, *self.nonzero))


def whole(value: Fraction, *, units: tuple[tuple[str, int], ...] = (), literal: bool = False) -> Quantity:
    """Return a number that is written out."""
    number = Bounded(ir.Whole(value.numerator), value.numerator, value.numerator, value.denominator)
    return Quantity(number, units=units, literal=literal)


def _joined(left: Bounded, right: Bounded) -> tuple[Bounded, Bounded]:
    scale = lcm(left.scale, right.scale)
    return left.at(scale), right.at(scale)


def added(left: Quantity, right: Quantity, sign: int = 1) -> Quantity:
    """Return the sum of two numbers of one kind, or their difference."""
    one, other = product(left.over, right.under), product(right.over, left.under)
    one, other = _joined(one, negated(other) if sign < 0 else other)
    large = one.large or other.large
    total = Bounded(
        ir.Sum(one.piece, other.piece), one.low + other.low, one.high + other.high, one.scale, large
    )
    nonzero = (*left.nonzero, *right.nonzero)
    return Quantity(total, product(left.under, right.under), left.units, nonzero=nonzero)


def negated(value: Bounded) -> Bounded:
    """Return a number with the other sign."""
    if isinstance(value.piece, ir.Whole):
        return Bounded(ir.Whole(-value.piece.value), -value.high, -value.low, value.scale, value.large)
    piece = ir.Product(value.piece, ir.Whole(-1))
    return Bounded(piece, -value.high, -value.low, value.scale, value.large)


def product(left: Bounded, right: Bounded) -> Bounded:
    """Return two numbers multiplied."""
    if left == ONE:
        return right
    if right == ONE:
        return left
    ends = [one * other for one in (left.low, left.high) for other in (right.low, right.high)]
    scale, large = left.scale * right.scale, left.large or right.large
    for one, other in ((left, right), (right, left)):
        if one.piece == ir.Whole(1):
            return Bounded(other.piece, min(ends), max(ends), scale, large)
    if isinstance(left.piece, ir.Whole) and isinstance(right.piece, ir.Whole):
        return Bounded(ir.Whole(left.piece.value * right.piece.value), min(ends), max(ends), scale, large)
    return Bounded(ir.Product(left.piece, right.piece), min(ends), max(ends), scale, large)


def multiplied(left: Quantity, right: Quantity) -> Quantity:
    """Return a product; what is counted multiplies too."""
    return Quantity(
        product(left.over, right.over),
        product(left.under, right.under),
        _units(left.units, right.units, 1),
        literal=left.literal and right.literal,
        nonzero=(*left.nonzero, *right.nonzero),
    )


def divided(left: Quantity, right: Quantity) -> Quantity:
    """Return a quotient."""
    lost = () if right.under == ONE else (right.under,)  # it goes above the line, where its zero says nothing
    return Quantity(
        product(left.over, right.under),
        product(left.under, right.over),
        _units(left.units, right.units, -1),
        literal=left.literal and right.literal,
        nonzero=(*left.nonzero, *right.nonzero, *lost),
    )


def _units(
    left: tuple[tuple[str, int], ...], right: tuple[tuple[str, int], ...], sign: int
) -> tuple[tuple[str, int], ...]:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def compared(sign: str, left: Quantity, right: Quantity) -> ir.Test:
    """Return the test of a comparison without any quotient; TooLargeError where it fits into no column.

    Both sides are multiplied by what they are divided by; where that can be below zero, the comparison turns
    round there, and where it is zero, nothing is known.
    """
    one, other = _joined(product(left.over, right.under), product(right.over, left.under))
    below = product(left.under, right.under)
    if one.large or other.large or below.large or left.large or right.large:
        raise TooLargeError
    test = _multiplied_out(sign, one, other, below)
    for divisor in (*left.nonzero, *right.nonzero):
        if divisor.low <= 0 <= divisor.high:
            test = ir.Where(ir.Not(ir.Compare("=", divisor.piece, ir.Whole(0))), test)
    return test


def _multiplied_out(sign: str, one: Bounded, other: Bounded, below: Bounded) -> ir.Test:
    test = _signed(sign, one, other)
    if below.low > 0:
        return test
    zero = ir.Whole(0)
    above = ir.Compare(">", below.piece, zero)
    if below.low == 0:
        return ir.Where(above, test)
    divided = ir.Not(ir.Compare("=", below.piece, zero))
    if sign in {"=", "!="}:
        return ir.Where(divided, test)
    return ir.Where(divided, ir.Switch(above, test, _signed(sign, other, one)))


SIGNS: dict[str, Callable[[ir.Number, ir.Number], ir.Test]] = {
    "=": lambda a, b: ir.Compare("=", a, b),
    "!=": lambda a, b: ir.Not(ir.Compare("=", a, b)),
    ">=": lambda a, b: ir.Compare(">=", a, b),
    ">": lambda a, b: ir.Compare(">", a, b),
    "<=": lambda a, b: ir.Compare(">=", b, a),
    "<": lambda a, b: ir.Compare(">", b, a),
}


def _signed(sign: str, left: Bounded, right: Bounded) -> ir.Test:
    return SIGNS[sign](left.piece, right.piece)

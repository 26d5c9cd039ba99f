"""What conditions can be at all: between which bounds numbers lie, and what follows from that.

Nothing is asked of any firm. A number lies between the bounds that the dictionary gives its facts, narrowed
by the conditions that have to hold beside it; a test is then certain, impossible, or either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhitong.kernel.rules.facts.dictionary import NUMERIC, Kind
from zhitong.kernel.rules.policy import ir
from zhitong.kernel.rules.policy.check import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.facts.dictionary import Dictionary

Bounds = tuple[int, int]
LONGEST = 10_000  # years


@dataclass(slots=True)
class Ranges:
    """What each fact may be: numbers between bounds, codes and flags out of a set."""

    numbers: dict[str, Bounds] = field(default_factory=dict)
    sets: dict[str, frozenset[object]] = field(default_factory=dict)

    @classmethod
    def of(cls, dictionary: Dictionary) -> Ranges:
        """Return what the dictionary allows."""
        found = cls()
        for fact in dictionary.facts:
            if fact.kind in NUMERIC:
                found.numbers[fact.name] = fact.bounds
            elif fact.kind is Kind.DAY:
                found.numbers[fact.name] = (FIRST_DAY, LAST_DAY)
            else:
                found.sets[fact.name] = frozenset(fact.codes if fact.kind is Kind.CODE else (True, False))
        return found

    def number(self, piece: ir.Number) -> Bounds:
        """Return the bounds between which a number lies."""
        return NUMBERS[type(piece)](self, piece)

    def test(self, piece: ir.Test) -> bool | None:
        """Return what a test is for every firm whose facts are known; None where it depends on the firm."""
        return TESTS[type(piece)](self, piece)

    def narrow(self, piece: ir.Test) -> frozenset[str]:
        """Let a test hold, and return the facts that nothing is left for; only what is plain is narrowed."""
        if isinstance(piece, ir.All):
            return frozenset().union(*(self.narrow(part) for part in piece.tests))
        if isinstance(piece, ir.Where):
            return self.narrow(piece.test)
        negated = isinstance(piece, ir.Not)
        inner = piece.test if isinstance(piece, ir.Not) else piece
        if isinstance(inner, (ir.Flag, ir.Among)):
            wanted = frozenset(inner.codes) if isinstance(inner, ir.Among) else frozenset({True})
            before = self.sets[inner.name]
            self.sets[inner.name] = before - wanted if negated else before & wanted
            return frozenset() if self.sets[inner.name] else frozenset({inner.name})
        return self._compared(inner, negated=negated) if isinstance(inner, ir.Compare) else frozenset()

    def _compared(self, piece: ir.Compare, *, negated: bool) -> frozenset[str]:
        """Narrow a fact that is compared with a number that is written out."""
        for left, right, turned in ((piece.left, piece.right, False), (piece.right, piece.left, True)):
            name, factor = _one_fact(left)
            if name and isinstance(right, ir.Whole) and factor > 0:
                low, high = _allowed(piece.sign, right.value, factor, turned=turned, negated=negated)
                before = self.numbers[name]
                after = max(before[0], low), min(before[1], high)
                self.numbers[name] = after
                return frozenset({name}) if after[0] > after[1] else frozenset()
        return frozenset()


WIDE = 10**40


def _one_fact(piece: ir.Number) -> tuple[str, int]:
    """The fact of a number that is nothing but a fact times a whole number; an empty name for others."""
    if isinstance(piece, ir.Field):
        return piece.name, 1
    if isinstance(piece, ir.Product):
        for one, other in ((piece.left, piece.right), (piece.right, piece.left)):
            if isinstance(one, ir.Field) and isinstance(other, ir.Whole):
                return one.name, other.value
    return "", 0


def _allowed(sign: str, value: int, factor: int, *, turned: bool, negated: bool) -> Bounds:
    """Return the bounds of a fact of which `fact * factor sign value` holds, or the other way round."""
    if sign == "=":
        exact, rest = divmod(value, factor)
        return (-WIDE, WIDE) if negated else (exact, exact) if not rest else (1, 0)
    strict = sign == ">"
    if negated:
        turned, strict = not turned, not strict
    if turned:  # value > fact * factor
        return -WIDE, (-(-value // factor) - 1 if strict else value // factor)
    return (value // factor + 1 if strict else -(-value // factor)), WIDE


# ---------------------------------------------------------------- numbers


def _product(here: Ranges, piece: ir.Product) -> Bounds:
    ends = [a * b for a in here.number(piece.left) for b in here.number(piece.right)]
    return min(ends), max(ends)


def _sum(here: Ranges, piece: ir.Sum) -> Bounds:
    (a, b), (c, d) = here.number(piece.left), here.number(piece.right)
    return a + c, b + d


def _extreme(here: Ranges, piece: ir.Extreme) -> Bounds:
    choose = max if piece.largest else min
    found = [here.number(item) for item in piece.items]
    return choose(low for low, _high in found), choose(high for _low, high in found)


def _absolute(here: Ranges, piece: ir.Absolute) -> Bounds:
    low, high = here.number(piece.value)
    least = 0 if low <= 0 <= high else min(abs(low), abs(high))
    return least, max(abs(low), abs(high))


def _either(first: Bounds, second: Bounds) -> Bounds:
    return min(first[0], second[0]), max(first[1], second[1])


def _filled(here: Ranges, piece: ir.Filled) -> Bounds:
    return _either(here.number(piece.value), (piece.instead, piece.instead))


def _chosen(here: Ranges, piece: ir.Chosen) -> Bounds:
    return _either(here.number(piece.then), here.number(piece.otherwise))


NUMBERS: dict[type[ir.Number], Callable[[Ranges, ir.Number], Bounds]] = {
    ir.Field: lambda here, piece: here.numbers[piece.name],
    ir.Whole: lambda _here, piece: (piece.value, piece.value),
    ir.Sum: _sum,
    ir.Product: _product,
    ir.Extreme: _extreme,
    ir.Absolute: _absolute,
    ir.Filled: _filled,
    ir.Chosen: _chosen,
    ir.Years: lambda _here, _piece: (-LONGEST, LONGEST),
}


# ---------------------------------------------------------------- tests


def _compare(here: Ranges, piece: ir.Compare) -> bool | None:
    (a, b), (c, d) = here.number(piece.left), here.number(piece.right)
    if piece.sign == "=":
        return True if a == b == c == d else False if b < c or d < a else None
    always, never = (a >= d, b < c) if piece.sign == ">=" else (a > d, b <= c)
    return True if always else False if never else None


def _in_set(here: Ranges, name: str, wanted: frozenset[object]) -> bool | None:
    left = here.sets[name]
    return True if left <= wanted else False if not left & wanted else None


def _not(here: Ranges, piece: ir.Not) -> bool | None:
    found = here.test(piece.test)
    return None if found is None else not found


def _all(here: Ranges, piece: ir.All) -> bool | None:
    found = [here.test(part) for part in piece.tests]
    return False if False in found else None if None in found else True


def _some(here: Ranges, piece: ir.Some) -> bool | None:
    found = [here.test(part) for part in piece.tests]
    return True if True in found else None if None in found else False


def _at_least(here: Ranges, piece: ir.AtLeast) -> bool | None:
    found = [here.test(part) for part in piece.tests]
    if found.count(True) >= piece.number:
        return True
    return None if found.count(True) + found.count(None) >= piece.number else False


def _certain(here: Ranges, piece: ir.Certain) -> bool | None:
    found = here.test(piece.test)
    return found if found is piece.instead else None


def _switch(here: Ranges, piece: ir.Switch) -> bool | None:
    test = here.test(piece.test)
    if test is not None:
        return here.test(piece.then if test else piece.otherwise)
    then, otherwise = here.test(piece.then), here.test(piece.otherwise)
    return then if then is otherwise else None


TESTS: dict[type[ir.Test], Callable[[Ranges, ir.Test], bool | None]] = {
    ir.Constant: lambda _here, piece: piece.value,
    ir.Flag: lambda here, piece: _in_set(here, piece.name, frozenset({True})),
    ir.Reported: lambda _here, _piece: None,
    ir.Compare: _compare,
    ir.Among: lambda here, piece: _in_set(here, piece.name, frozenset(piece.codes)),
    ir.SameCode: lambda _here, _piece: None,
    ir.Not: _not,
    ir.All: _all,
    ir.Some: _some,
    ir.AtLeast: _at_least,
    ir.Where: lambda here, piece: here.test(piece.test),
    ir.Certain: _certain,
    ir.Switch: _switch,
}

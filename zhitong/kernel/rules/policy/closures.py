"""Compiled conditions worked out for one firm: what is compiled as functions of its facts as they are kept.

For many policies and few firms, where columns cost more to lay out than to work out: the screen of a firm, an
explanation. Missing is None; what is decided ends the work.
"""

from __future__ import annotations

import operator
from datetime import date
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.facts.dictionary import EPOCH
from zhitong.kernel.rules.policy import ir

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FIRST = EPOCH.toordinal()


def closure(piece: ir.Piece) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function of a firm's facts that works a piece out: a whole number, true, false, or None."""
    return PIECES[type(piece)](piece)


def _field(piece: ir.Field | ir.Flag) -> Any:
    name = piece.name
    return lambda facts: facts.get(name)


def _constant(piece: ir.Whole | ir.Constant) -> Any:
    value = piece.value
    return lambda _facts: value


def _two(do: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """What is done with two numbers; missing where one is."""

    def make(piece: Any) -> Any:
        left, right = closure(piece.left), closure(piece.right)

        def work(facts: Mapping[str, Any]) -> Any:
            one, other = left(facts), right(facts)
            return None if one is None or other is None else do(one, other)

        return work

    return make


SIGNS: dict[str, Callable[[int, int], bool]] = {">=": operator.ge, ">": operator.gt, "=": operator.eq}


def _compare(piece: ir.Compare) -> Any:
    return _two(SIGNS[piece.sign])(piece)


def _extreme(piece: ir.Extreme) -> Any:
    items, pick = [closure(item) for item in piece.items], max if piece.largest else min

    def work(facts: Mapping[str, Any]) -> Any:
        found = [item(facts) for item in items]
        return None if None in found else pick(found)

    return work


def _absolute(piece: ir.Absolute) -> Any:
    value = closure(piece.value)
    return lambda facts: None if (found := value(facts)) is None else abs(found)


def _filled(piece: ir.Filled) -> Any:
    value, instead = closure(piece.value), piece.instead
    return lambda facts: instead if (found := value(facts)) is None else found


def _chosen(piece: ir.Chosen | ir.Switch) -> Any:
    test, then, otherwise = closure(piece.test), closure(piece.then), closure(piece.otherwise)

    def work(facts: Mapping[str, Any]) -> Any:
        found = test(facts)
        return None if found is None else then(facts) if found else otherwise(facts)

    return work


def _full_years(since: int, until: int) -> int:
    first, last = date.fromordinal(FIRST + since), date.fromordinal(FIRST + until)
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _years(piece: ir.Years) -> Any:
    since, until = closure(piece.since), closure(piece.until)

    def work(facts: Mapping[str, Any]) -> Any:
        one, other = since(facts), until(facts)
        return None if one is None or other is None else _full_years(one, other)

    return work


def _reported(piece: ir.Reported) -> Any:
    name = piece.name
    return lambda facts: facts.get(name) is not None


def _among(piece: ir.Among) -> Any:
    name, codes = piece.name, piece.codes
    return lambda facts: None if (found := facts.get(name)) is None else found in codes


def _same_code(piece: ir.SameCode) -> Any:
    one, other = piece.left, piece.right

    def work(facts: Mapping[str, Any]) -> Any:
        left, right = facts.get(one), facts.get(other)
        return None if left is None or right is None else left == right

    return work


def _not(piece: ir.Not) -> Any:
    test = closure(piece.test)
    return lambda facts: None if (found := test(facts)) is None else not found


def _many(*, deciding: bool) -> Callable[[Any], Any]:
    """Kleene: one that decides is enough, else all have to be known."""

    def make(piece: ir.All | ir.Some) -> Any:
        tests = [closure(test) for test in piece.tests]

        def work(facts: Mapping[str, Any]) -> Any:
            unknown = False
            for test in tests:
                found = test(facts)
                if found is deciding:
                    return deciding
                unknown = unknown or found is None
            return None if unknown else not deciding

        return work

    return make


def _at_least(piece: ir.AtLeast) -> Any:
    tests, number = [closure(test) for test in piece.tests], piece.number

    def work(facts: Mapping[str, Any]) -> Any:
        found = [test(facts) for test in tests]
        holding = found.count(True)
        if holding >= number:
            return True
        return None if holding + found.count(None) >= number else False

    return work


def _where(piece: ir.Where) -> Any:
    condition, test = closure(piece.condition), closure(piece.test)
    return lambda facts: test(facts) if condition(facts) else None


def _certain(piece: ir.Certain) -> Any:
    test, instead = closure(piece.test), piece.instead
    return lambda facts: instead if (found := test(facts)) is None else found


PIECES: dict[type[ir.Piece], Callable[[Any], Any]] = {
    ir.Field: _field,
    ir.Whole: _constant,
    ir.Sum: _two(lambda a, b: a + b),
    ir.Product: _two(lambda a, b: a * b),
    ir.Extreme: _extreme,
    ir.Absolute: _absolute,
    ir.Filled: _filled,
    ir.Chosen: _chosen,
    ir.Years: _years,
    ir.Constant: _constant,
    ir.Flag: _field,
    ir.Reported: _reported,
    ir.Compare: _compare,
    ir.Among: _among,
    ir.SameCode: _same_code,
    ir.Not: _not,
    ir.All: _many(deciding=False),
    ir.Some: _many(deciding=True),
    ir.AtLeast: _at_least,
    ir.Where: _where,
    ir.Certain: _certain,
    ir.Switch: _chosen,
}

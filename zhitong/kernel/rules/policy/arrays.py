"""Conditions worked out over NumPy arrays: the second opinion beside the row by row reference.

A test is a pair of boolean arrays, where it holds and where it is known; a number a pair of int64 and known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from zhitong.kernel.rules.policy import ir

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Known = tuple[Any, Any]


class Arrays:
    """Columns of firms: by fact an array of values and one of whether they are known."""

    def __init__(self, columns: Mapping[str, Known], length: int) -> None:
        self.columns = columns
        self.length = length
        self._made: dict[ir.Piece, Known] = {}

    def of(self, piece: ir.Piece) -> Known:
        """Return a piece over all firms; each piece is worked out once."""
        found = self._made.get(piece)
        if found is None:
            found = self._made[piece] = PIECES[type(piece)](self, piece)
        return found

    def everywhere(self, value: Any) -> Any:
        """Return an array of one value."""
        return np.full(self.length, value)


def _field(arrays: Arrays, piece: Any) -> Known:
    return arrays.columns[piece.name]


def _whole(arrays: Arrays, piece: ir.Whole) -> Known:
    return arrays.everywhere(np.int64(piece.value)), arrays.everywhere(value=True)


def _two(do: Callable[[Any, Any], Any]) -> Callable[[Arrays, Any], Known]:
    def run(arrays: Arrays, piece: Any) -> Known:
        (left, one), (right, other) = arrays.of(piece.left), arrays.of(piece.right)
        return do(left, right), one & other

    return run


def _extreme(arrays: Arrays, piece: ir.Extreme) -> Known:
    pick = np.maximum if piece.largest else np.minimum
    value, known = arrays.of(piece.items[0])
    for item in piece.items[1:]:
        other, there = arrays.of(item)
        value, known = pick(value, other), known & there
    return value, known


def _absolute(arrays: Arrays, piece: ir.Absolute) -> Known:
    value, known = arrays.of(piece.value)
    return np.abs(value), known


def _filled(arrays: Arrays, piece: ir.Filled) -> Known:
    value, known = arrays.of(piece.value)
    return np.where(known, value, np.int64(piece.instead)), arrays.everywhere(value=True)


def _chosen(arrays: Arrays, piece: Any) -> Known:
    (test, sure), (then, one), (otherwise, other) = (
        arrays.of(part) for part in (piece.test, piece.then, piece.otherwise)
    )
    return np.where(test, then, otherwise), sure & np.where(test, one, other)


def _years(arrays: Arrays, piece: ir.Years) -> Known:
    (since, one), (until, other) = arrays.of(piece.since), arrays.of(piece.until)
    (year, month_day), (last, last_month_day) = _calendar(since), _calendar(until)
    return last - year - (last_month_day < month_day), one & other


def _calendar(days: Any) -> tuple[Any, Any]:
    """Years, and month and day as one number that grows within a year."""
    moment = days.astype("datetime64[D]")
    months = moment.astype("datetime64[M]").astype(np.int64)
    day = (moment - moment.astype("datetime64[M]")).astype(np.int64)
    return np.floor_divide(months, 12) + 1970, np.mod(months, 12) * 32 + day


def _constant(arrays: Arrays, piece: ir.Constant) -> Known:
    return arrays.everywhere(bool(piece.value)), arrays.everywhere(piece.value is not None)


def _reported(arrays: Arrays, piece: ir.Reported) -> Known:
    return arrays.columns[piece.name][1], arrays.everywhere(value=True)


COMPARED = {">=": np.greater_equal, ">": np.greater, "=": np.equal}


def _compare(arrays: Arrays, piece: ir.Compare) -> Known:
    return _two(COMPARED[piece.sign])(arrays, piece)


def _among(arrays: Arrays, piece: ir.Among) -> Known:
    value, known = arrays.columns[piece.name]
    return np.isin(value, sorted(piece.codes)), known


def _same_code(arrays: Arrays, piece: ir.SameCode) -> Known:
    (left, one), (right, other) = arrays.columns[piece.left], arrays.columns[piece.right]
    return left == right, one & other


def _not(arrays: Arrays, piece: ir.Not) -> Known:
    value, known = arrays.of(piece.test)
    return ~value, known


def _many(arrays: Arrays, tests: tuple[ir.Test, ...], *, some: bool) -> Known:
    """Kleene: one that decides is enough, else all have to be known."""
    decided, all_known = arrays.everywhere(value=False), arrays.everywhere(value=True)
    for test in tests:
        value, known = arrays.of(test)
        decided |= known & (value if some else ~value)
        all_known &= known
    return decided if some else ~decided, decided | all_known


def _at_least(arrays: Arrays, piece: ir.AtLeast) -> Known:
    holding = np.zeros(arrays.length, dtype=np.int64)
    open_ones = holding.copy()
    for test in piece.tests:
        value, known = arrays.of(test)
        holding += value & known
        open_ones += ~known
    held = holding >= piece.number
    return held, held | (holding + open_ones < piece.number)


def _where(arrays: Arrays, piece: ir.Where) -> Known:
    (condition, sure), (value, known) = arrays.of(piece.condition), arrays.of(piece.test)
    return value, known & sure & condition


def _certain(arrays: Arrays, piece: ir.Certain) -> Known:
    value, known = arrays.of(piece.test)
    return np.where(known, value, piece.instead), arrays.everywhere(value=True)


PIECES: dict[type[ir.Piece], Callable[[Arrays, Any], Known]] = {
    ir.Field: _field,
    ir.Whole: _whole,
    ir.Sum: _two(np.add),
    ir.Product: _two(np.multiply),
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
    ir.All: lambda arrays, piece: _many(arrays, piece.tests, some=False),
    ir.Some: lambda arrays, piece: _many(arrays, piece.tests, some=True),
    ir.AtLeast: _at_least,
    ir.Where: _where,
    ir.Certain: _certain,
    ir.Switch: _chosen,
}

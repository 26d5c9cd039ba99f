"""Conditions worked out over Polars frames, in two stages: each distinct test once, then what joins them.

A missing value is null, which is how Polars has Kleene's logic already: `null & false` is false.
"""

from __future__ import annotations

from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Any

import polars as pl

from zhitong.kernel.rules.policy import ir
from zhitong.kernel.rules.policy.weight import MOST_SUBSETS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ATOM = "\u0001"  # begins the names of the first stage's columns, as no fact's name does
ROW = "\u0001row"


class Plan:
    """Conditions by name, made ready for frames."""

    def __init__(self, tests: Mapping[str, ir.Test]) -> None:
        self.tests = dict(tests)
        self._atoms: dict[ir.Piece, str] = {}
        self._first: dict[str, pl.Expr] = {}
        self._second = {name: self._net(test) for name, test in self.tests.items()}

    @property
    def atoms(self) -> int:
        """How many distinct tests of facts there are."""
        return len(self._atoms)

    def run(self, frame: pl.DataFrame | pl.LazyFrame, *, keep: Sequence[str] = ()) -> pl.LazyFrame:
        """Return a boolean column for each condition, null where unknown, behind columns to keep."""
        # A column of the frame goes along, so that a plan without any test of a fact has its rows as well.
        for atom, name in self._all():
            if name not in self._first:
                self._first[name] = EXPRESSIONS[type(atom)](atom).alias(name)
        first = frame.lazy().select(*keep, pl.first().is_null().alias(ROW), *self._first.values())
        second = first.with_columns(made.alias(name) for name, made in self._second.items())
        return second.select(*keep, *self._second)

    def _all(self) -> list[tuple[ir.Piece, str]]:
        return list(self._atoms.items())

    def _net(self, test: ir.Test) -> pl.Expr:
        if isinstance(test, ir.ATOMS):
            name = self._atoms.setdefault(test, f"{ATOM}{len(self._atoms)}")
            return pl.col(name)
        return NETS[type(test)](self, test)

    def net(self, test: ir.Test) -> pl.Expr:
        """Return the expression of a test over the columns of the first stage."""
        return self._net(test)


# ---------------------------------------------------------------- first stage: numbers and tests of facts


def _extreme(piece: ir.Extreme) -> pl.Expr:
    """Missing where one is; Polars passes over what is missing."""
    items = [number(item) for item in piece.items]
    pick = pl.max_horizontal if piece.largest else pl.min_horizontal
    missing = pl.any_horizontal([item.is_null() for item in items])
    return pl.when(missing).then(None).otherwise(pick(items))


def _chosen(piece: ir.Chosen) -> pl.Expr:
    test = whole_test(piece.test)
    return (
        pl.when(test.is_null())
        .then(None)
        .when(test)
        .then(number(piece.then))
        .otherwise(number(piece.otherwise))
    )


def _years(piece: ir.Years) -> pl.Expr:
    since, until = (number(day).cast(pl.Int32).cast(pl.Date) for day in (piece.since, piece.until))
    year = until.dt.year().cast(pl.Int64) - since.dt.year().cast(pl.Int64)
    before = _in_year(until) < _in_year(since)
    return year - before.cast(pl.Int64)


def _in_year(day: pl.Expr) -> pl.Expr:
    return day.dt.month().cast(pl.Int64) * 32 + day.dt.day().cast(pl.Int64)


NUMBERS: dict[type[ir.Piece], Callable[[Any], pl.Expr]] = {
    ir.Field: lambda piece: pl.col(piece.name),
    ir.Whole: lambda piece: pl.lit(piece.value, dtype=pl.Int64),
    ir.Sum: lambda piece: number(piece.left) + number(piece.right),
    ir.Product: lambda piece: number(piece.left) * number(piece.right),
    ir.Extreme: _extreme,
    ir.Absolute: lambda piece: number(piece.value).abs(),
    ir.Filled: lambda piece: number(piece.value).fill_null(pl.lit(piece.instead, dtype=pl.Int64)),
    ir.Chosen: _chosen,
    ir.Years: _years,
}
COMPARED: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    ">=": lambda left, right: left >= right,
    ">": lambda left, right: left > right,
    "=": lambda left, right: left == right,
}
EXPRESSIONS: dict[type[ir.Piece], Callable[[Any], pl.Expr]] = {
    ir.Flag: lambda piece: pl.col(piece.name),
    ir.Reported: lambda piece: pl.col(piece.name).is_not_null(),
    ir.Compare: lambda piece: COMPARED[piece.sign](number(piece.left), number(piece.right)),
    ir.Among: lambda piece: pl.col(piece.name).is_in(sorted(piece.codes)),
    ir.SameCode: lambda piece: pl.col(piece.left) == pl.col(piece.right),
}


def number(piece: ir.Number) -> pl.Expr:
    """Return the expression of a number over the columns of facts."""
    return NUMBERS[type(piece)](piece)


def whole_test(test: ir.Test) -> pl.Expr:
    """Return the expression of a test over the columns of facts, where it stands inside a number."""
    return _Direct().net(test)


class _Direct:
    """Joins tests of facts without a first stage."""

    def net(self, test: ir.Test) -> pl.Expr:
        made = EXPRESSIONS.get(type(test))
        return made(test) if made is not None else NETS[type(test)](self, test)


# ---------------------------------------------------------------- second stage: what joins them


def _joined(plan: Any, tests: tuple[ir.Test, ...], do: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> pl.Expr:
    """Joined two by two, so that a thousand do not nest a thousand deep."""
    found = [plan.net(test) for test in tests]
    while len(found) > 1:
        pairs = [do(found[at], found[at + 1]) for at in range(0, len(found) - 1, 2)]
        found = pairs + ([found[-1]] if len(found) % 2 else [])
    return found[0]


def _all(plan: Any, test: ir.All) -> pl.Expr:
    return _joined(plan, test.tests, lambda left, right: left & right)


def _some(plan: Any, test: ir.Some) -> pl.Expr:
    return _joined(plan, test.tests, lambda left, right: left | right)


def _at_least(plan: Any, test: ir.AtLeast) -> pl.Expr:
    if test.number <= 0:
        return pl.lit(value=True)
    if comb(len(test.tests), test.number) <= MOST_SUBSETS:
        return _some(plan, ir.Some(tuple(ir.All(some) for some in combinations(test.tests, test.number))))
    found = [plan.net(one) for one in test.tests]
    holding = pl.sum_horizontal([one.fill_null(value=False).cast(pl.Int32) for one in found])
    possible = pl.sum_horizontal([one.fill_null(value=True).cast(pl.Int32) for one in found])
    return pl.when(holding >= test.number).then(True).when(possible < test.number).then(False).otherwise(None)


def _constant(plan: Any, test: ir.Constant) -> pl.Expr:
    del plan
    return pl.lit(test.value, dtype=pl.Boolean)


def _where(plan: Any, test: ir.Where) -> pl.Expr:
    return pl.when(plan.net(test.condition)).then(plan.net(test.test)).otherwise(None)


def _switch(plan: Any, test: ir.Switch) -> pl.Expr:
    chooser = plan.net(test.test)
    chosen = pl.when(chooser).then(plan.net(test.then)).otherwise(plan.net(test.otherwise))
    return pl.when(chooser.is_null()).then(None).otherwise(chosen)


NETS: dict[type[ir.Piece], Callable[[Any, Any], pl.Expr]] = {
    ir.Constant: _constant,
    ir.Not: lambda plan, test: ~plan.net(test.test),
    ir.All: _all,
    ir.Some: _some,
    ir.AtLeast: _at_least,
    ir.Where: _where,
    ir.Certain: lambda plan, test: plan.net(test.test).fill_null(value=test.instead),
    ir.Switch: _switch,
}

"""What changes when a condition or an amount is moved: firms, budget, winners, losers, the whole curve."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import polars as pl

from zhitong.kernel.rules.book.awards import payment
from zhitong.kernel.rules.facts.writing import amount as said_amount
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.policy import ir
from zhitong.kernel.rules.policy.check import Checker, condition
from zhitong.kernel.rules.policy.frames import Plan, number
from zhitong.kernel.rules.policy.kinds import Amount, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from zhitong.kernel.rules.book.plans import BookPlan, Compiled
    from zhitong.kernel.rules.facts.dictionary import Dictionary, Kind
    from zhitong.kernel.rules.policy.check import Condition

STATE, PAY, KEY = "\u0001state", "\u0001pay", "\u0001key"
TURNED = {">=": "<=", ">": "<", "<=": ">=", "<": ">"}


class SimulationError(Exception):
    """What was asked cannot be simulated by columns."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Firms that fulfil a policy for certain, firms that may, and what that costs in fen, least and most."""

    firms: int
    possible: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Change:
    """A policy before and after: the outcomes, and the firms that come to fulfil it or cease to, by key."""

    before: Outcome
    after: Outcome
    winners: tuple[str, ...]
    losers: tuple[str, ...]


class Simulation:
    """One policy over a table of firms; what is not moved is worked out once."""

    def __init__(self, plan: BookPlan, policy: str, firms: pl.DataFrame, *, key: str) -> None:
        found = [one for one in plan.policies if one.policy.key == policy]
        if not found:
            message = f"No policy {policy} holds on {plan.day} in this region."
            raise SimulationError(message)
        self.one: Compiled = found[0]
        if self.one.slow:
            message = f"{policy} has a condition that fits into no column: {self.one.slow[0].why_slow}"
            raise SimulationError(message)
        self.dictionary: Dictionary = plan.dictionary
        self.day: date = plan.day
        self.firms = firms
        self.keys = firms[key].cast(pl.String)
        self._states = self._each(dict(zip(self._names, self.one.conditions, strict=True)))
        self._rests: dict[str, pl.Series] = {}
        self._pay = self._paid(self.one)

    @property
    def _names(self) -> list[str]:
        return [clause.key for clause in self.one.policy.clauses]

    def _place(self, clause: str) -> int:
        if clause not in self._names:
            message = f"The policy has no condition {clause}; it has {', '.join(self._names)}."
            raise SimulationError(message)
        return self._names.index(clause)

    def _each(self, conditions: Mapping[str, Condition]) -> pl.DataFrame:
        tests = {name: one.test for name, one in conditions.items() if one.test is not None}
        if len(tests) < len(conditions):
            message = "The new condition fits into no column."
            raise SimulationError(message)
        return Plan(tests).run(self.firms).collect()

    def _paid(self, one: Compiled) -> pl.Series:
        """The amount of each firm in fen, null where it is unknown; nothing where the policy says none."""
        if one.payment is None:
            return pl.Series(PAY, [0] * self.firms.height, dtype=pl.Int64)
        return self.firms.with_columns(one.payment.column().cast(pl.Int64).alias(PAY))[PAY]

    def _rest(self, clause: str) -> pl.Series:
        """Whether all other conditions hold."""
        if clause not in self._rests:
            others = [name for name in self._names if name != clause]
            whole = pl.all_horizontal(others) if others else pl.lit(value=True)
            self._rests[clause] = self._states.with_columns(whole.alias(STATE))[STATE]
        return self._rests[clause]

    def _outcome(self, state: pl.Series, pay: pl.Series, most: int) -> Outcome:
        sure, possible = state.fill_null(value=False), state.is_null()
        least = int(pay.fill_null(0).filter(sure).sum())
        high = pay.fill_null(most)
        return Outcome(int(sure.sum()), int(possible.sum()), least, int(high.filter(sure | possible).sum()))

    def _most(self, one: Compiled) -> int:
        return one.payment.bounds[1] if one.payment is not None else 0

    def now(self) -> Outcome:
        """Return how it is."""
        return self._outcome(self._whole(), self._pay, self._most(self.one))

    def _whole(self) -> pl.Series:
        return self._states.with_columns(pl.all_horizontal(self._names).alias(STATE))[STATE]

    def set(self, clause: str, text: str) -> Change:
        """Return what changes with another text of a condition; RulesError where the text is none."""
        self._place(clause)
        moved = self._each({clause: condition(Source(text, clause), self.dictionary, self.day)})[clause]
        return self._changed(self._rest(clause) & moved, self._pay, self._most(self.one))

    def pay(self, text: str) -> Change:
        """Return what changes with another amount; RulesError where the text is none."""
        made = replace(self.one, payment=payment(Source(text, "amount"), self.dictionary, self.day))
        return self._changed(self._whole(), self._paid(made), self._most(made))

    def _changed(self, state: pl.Series, pay: pl.Series, most: int) -> Change:
        before = self._whole().fill_null(value=False)
        after = state.fill_null(value=False)
        return Change(
            self.now(),
            self._outcome(state, pay, most),
            tuple(self.keys.filter(after & ~before)),
            tuple(self.keys.filter(before & ~after)),
        )

    def curve(self, clause: str) -> pl.DataFrame:
        """Return firms and budget for every limit of a condition `number >= limit` (or > <= <).

        Columns: `limit` (a float, in the unit people write), `firms` that fulfil the policy for certain with
        that limit, `budget` in fen, and `said`, the limit in words. A row for each value that a firm has,
        from the strictest limit to the mildest. SimulationError for conditions of another form.
        """
        sign, value, kind = self._form(clause)
        rest = self._rest(clause).fill_null(value=False)
        table = pl.DataFrame({PAY: self._pay.fill_null(0)}).with_columns(
            limit=self.firms.with_columns(value.alias(STATE))[STATE]
        )
        kept = table.filter(rest & table["limit"].is_not_null())
        steps = kept.group_by("limit").agg(firms=pl.len().cast(pl.Int64), budget=pl.col(PAY).sum())
        downward = sign in {">=", ">"}
        sums = [pl.col(name).cum_sum() for name in ("firms", "budget")]
        if sign in {">", "<"}:  # the value itself does not fulfil it; those before it do
            sums = [one.shift(fill_value=0) for one in sums]
        found = steps.sort("limit", descending=downward).with_columns(sums)
        words = [said_amount(Fraction(limit).limit_denominator(10**6), kind) for limit in found["limit"]]
        return found.with_columns(said=pl.Series(words, dtype=pl.String))

    def _form(self, clause: str) -> tuple[str, pl.Expr, Kind]:
        """The sign of a comparison with something written, the other side as floats, and its kind."""
        tree = self.one.conditions[self._place(clause)].tree
        if not isinstance(tree, nodes.Binary) or tree.sign not in TURNED:
            message = f"{clause} is no comparison with a limit, such as revenue >= 50."
            raise SimulationError(message)
        source = self.one.policy.clauses[self._place(clause)].source
        checker = Checker(source, self.dictionary, self.day)
        left, right = checker.kind(tree.left), checker.kind(tree.right)
        sign, value, limit = tree.sign, left, right
        if isinstance(left, Amount) and isinstance(left.quantity.over.piece, ir.Whole):
            sign, value, limit = TURNED[tree.sign], right, left
        plain = isinstance(limit, Amount) and isinstance(limit.quantity.over.piece, ir.Whole)
        if not isinstance(value, Amount) or not plain:
            message = f"{clause} compares two facts; there is no limit to move."
            raise SimulationError(message)
        over, under = value.quantity.over, value.quantity.under
        if under.low < 0:
            message = f"{clause} divides by what can be below zero; its limits have no order."
            raise SimulationError(message)
        share = number(over.piece).cast(pl.Float64) / over.scale
        below = number(under.piece).cast(pl.Float64) / under.scale
        made = share / pl.when(below > 0).then(below)  # a quotient by zero is unknown
        return sign, made, kind_of(value.quantity)

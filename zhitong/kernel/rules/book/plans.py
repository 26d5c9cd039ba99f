"""Policies made ready for firms: by columns, and row by row where no column holds their numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from zhitong.kernel.rules.policy import ir
from zhitong.kernel.rules.policy.closures import closure
from zhitong.kernel.rules.policy.frames import Plan
from zhitong.kernel.rules.policy.rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from zhitong.kernel.rules.book.awards import Award, Payment
    from zhitong.kernel.rules.book.policy import Policy
    from zhitong.kernel.rules.facts.dictionary import Dictionary, Fact, Kind
    from zhitong.kernel.rules.policy.check import Condition

BATCH = 100_000  # rows that are worked out one by one at a time
FIRM = "\u0002firm"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A policy version with its conditions made ready."""

    policy: Policy
    conditions: tuple[Condition, ...]
    payment: Payment | None = None
    facts: tuple[tuple[Fact, ...], ...] = ()  # those that each condition reads

    @property
    def test(self) -> ir.Test:
        """What of the policy fits into columns; true where nothing does."""
        tests = tuple(one.test for one in self.conditions if one.test is not None)
        return ir.All(tests) if tests else ir.Constant(True)

    @property
    def slow(self) -> tuple[Condition, ...]:
        """The conditions that are worked out row by row."""
        return tuple(one for one in self.conditions if one.test is None)

    def state(self, row: Row) -> bool | None:
        """Return whether a firm fulfils it; None where that is unknown."""
        found = [row.holds(one.tree) for one in self.conditions]
        return False if False in found else None if None in found else True


class BookPlan:
    """The policies that mean firms of one region on one day."""

    def __init__(self, dictionary: Dictionary, day: date, policies: tuple[Compiled, ...]) -> None:
        self.dictionary = dictionary
        self.day = day
        self.policies = policies
        self.kinds: dict[int, Kind] = {}  # what the sides of comparisons count, by tree

    @cached_property
    def by_digest(self) -> dict[str, Compiled]:
        """The policies by the name of their version."""
        return {one.policy.digest: one for one in self.policies}

    @cached_property
    def _plan(self) -> Plan:
        return Plan({digest: one.test for digest, one in self.by_digest.items()})

    @cached_property
    def works(self) -> dict[str, tuple[Callable[[Mapping[str, Any]], bool | None] | None, ...]]:
        """The conditions of each policy version as functions of a firm's facts; None for slow ones."""
        return {
            digest: tuple(closure(each.test) if each.test is not None else None for each in one.conditions)
            for digest, one in self.by_digest.items()
        }

    @property
    def coverage(self) -> dict[str, list[str]]:
        """Which policies are worked out by columns, and which partly row by row, with the reason."""
        fast = [one.policy.key for one in self.policies if not one.slow]
        slow = [f"{one.policy.key}: {one.slow[0].why_slow}" for one in self.policies if one.slow]
        return {"columns": fast, "rows": slow}

    def states(self, firms: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
        """Return a boolean column for each policy version, null where unknown, in the order of the firms.

        Columns of facts are as the dictionary keeps them: whole numbers of the smallest unit, days of 1970.
        """
        found = self._plan.run(firms).collect(engine="streaming")
        slow = [one for one in self.policies if one.slow]
        return found.with_columns(self._row_by_row(firms, found, one) for one in slow) if slow else found

    def _row_by_row(
        self, firms: pl.DataFrame | pl.LazyFrame, found: pl.DataFrame, one: Compiled
    ) -> pl.Series:
        """The states of a policy, of which some conditions are worked out for firms not ruled out already."""
        before = found[one.policy.digest]
        names = [fact.name for fact in self.dictionary.facts if fact.name in firms.lazy().collect_schema()]
        states = before.to_list()
        for start in range(0, len(states), BATCH):
            rows = firms.lazy().select(names).slice(start, BATCH).collect().iter_rows(named=True)
            for at, facts in enumerate(rows, start=start):
                if states[at] is not False:
                    states[at] = one.state(Row(self.dictionary, facts, self.day))
        return pl.Series(one.policy.digest, states, dtype=pl.Boolean)

    def pairs(self, firms: pl.DataFrame | pl.LazyFrame, *, key: str) -> pl.DataFrame:
        """Return a row for each firm and policy that it fulfils, or may fulfil once missing facts are known.

        Columns: the firm's key, the policy's key, its version, and the state.
        """
        states = self.states(firms)
        keys = firms.lazy().select(key).collect()[key]
        chosen = states.select(pl.all().fill_null(value=True))
        sure = states.select(pl.all().fill_null(value=False))
        places = [np.flatnonzero(column.to_numpy()) for column in chosen]
        certain = [column.to_numpy()[at] for column, at in zip(sure, places, strict=True)]
        counts = [len(at) for at in places]
        of = pl.Series(np.repeat(np.arange(len(counts)), counts), dtype=pl.UInt32)
        at = pl.Series(np.concatenate([*places, np.zeros(0, np.int64)]), dtype=pl.UInt32)
        yes = pl.Series(np.concatenate([*certain, np.zeros(0, np.bool_)]), dtype=pl.Boolean)
        named = pl.Series([one.policy.key for one in self.policies], dtype=pl.String)
        versions = pl.Series([one.policy.digest for one in self.policies], dtype=pl.String)
        found = {keys.name: keys.gather(at), "policy": named.gather(of), "version": versions.gather(of)}
        state = pl.when(yes).then(pl.lit("yes")).otherwise(pl.lit("unknown"))
        return pl.DataFrame(found).with_columns(state=state)

    @property
    def awards(self) -> dict[str, Award]:
        """What the policies pay, by their keys, in the order of the book."""
        return {one.policy.key: one.policy.award for one in self.policies if one.policy.award is not None}

    def entitled(self, firms: pl.DataFrame | pl.LazyFrame, *, key: str) -> pl.DataFrame:
        """Return a row for each firm and paying policy that it fulfils or may fulfil, with amounts in fen.

        Columns: firm, policy, `low`, `high` and `sure`. Of what is only possible, nothing is certain; an
        amount whose facts are missing lies between the least and the most that it can be. A share is worked
        out later.
        """
        states = self.states(firms)
        paying = [one for one in self.policies if one.policy.award is not None]
        made = [self._amount(one).alias(one.policy.digest) for one in paying]
        amounts = firms.lazy().select(pl.col(key).cast(pl.String).alias(FIRM), *made).collect()
        parts = [self._entitled(one, states[one.policy.digest], amounts) for one in paying]
        schema = {
            "firm": pl.String,
            "policy": pl.String,
            "low": pl.Int64,
            "high": pl.Int64,
            "sure": pl.Boolean,
        }
        return pl.concat([pl.DataFrame(schema=schema), *parts])

    def _amount(self, one: Compiled) -> pl.Expr:
        if one.payment is None:
            return pl.lit(0, dtype=pl.Int64)
        return one.payment.column()

    def _entitled(self, one: Compiled, state: pl.Series, amounts: pl.DataFrame) -> pl.DataFrame:
        least, most = one.payment.bounds if one.payment is not None else (0, 0)
        chosen = state.fill_null(value=True)
        amount, sure = amounts[one.policy.digest].filter(chosen), state.filter(chosen).fill_null(value=False)
        frame = pl.DataFrame({"firm": amounts[FIRM].filter(chosen), "amount": amount, "sure": sure})
        low = pl.when("sure").then(pl.col("amount").fill_null(least)).otherwise(0)
        return frame.select(
            "firm",
            policy=pl.lit(one.policy.key),
            low=low.cast(pl.Int64),
            high=pl.col("amount").fill_null(most),
            sure="sure",
        )

    def of_firm(self, facts: Mapping[str, Any]) -> dict[str, bool | None]:
        """Return the state of each policy for one firm by its facts as they are kept, by policy version."""
        row = Row(self.dictionary, facts, self.day)
        return {one.policy.digest: one.state(row) for one in self.policies}

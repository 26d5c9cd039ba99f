"""What a policy pays: the amount, and how it stands to other payments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang.names import Names
from zhitong.kernel.rules.lang.parser import expression
from zhitong.kernel.rules.policy import kinds
from zhitong.kernel.rules.policy.check import MONEY, Checker
from zhitong.kernel.rules.policy.frames import number
from zhitong.kernel.rules.policy.numbers import LARGEST
from zhitong.kernel.rules.policy.words import KNOWN
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

    from zhitong.kernel.rules.facts.dictionary import Dictionary
    from zhitong.kernel.rules.lang import nodes
    from zhitong.kernel.rules.lang.source import Source
    from zhitong.kernel.rules.policy.numbers import Bounded
    from zhitong.kernel.rules.policy.rows import Row

FEN = 100


class Budget(StrEnum):
    """How a budget that does not reach for all is divided."""

    PRO_RATA = "pro-rata"
    FIRST_COME = "first-come"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Award:
    """What a policy pays, as it is written.

    `once`: not to a firm that was paid it before. `family` and `tier`: of a family the difference to what was
    paid for lower tiers. `group`: of a group only the highest. `cap`: all of a cap group
    together at most `limit`. `share_of` and `ratio`: that part of what another policy pays. `total`: the
    budget, divided by `rule`, in whole `unit` fen, with `partly` where the last one gets what is left.
    """

    amount: Source | None = None
    once: bool = False
    family: str = ""
    tier: int = 0
    group: str = ""
    cap: str = ""
    limit: int | None = None
    share_of: str = ""
    ratio: Fraction = Fraction(0)
    total: int | None = None
    rule: Budget = Budget.PRO_RATA
    unit: int = 1
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """An amount made ready: by columns a number at a scale, row by row its tree; fen, never below zero."""

    source: Source
    tree: nodes.Node
    number: Bounded

    @property
    def _steps(self) -> tuple[int, int]:
        """By what the number is multiplied and divided to be fen."""
        common = gcd(FEN, self.number.scale)
        return FEN // common, self.number.scale // common

    def column(self) -> pl.Expr:
        """Return the amount over the columns of facts, null where a fact is missing; rounded down to fen."""
        times, by = self._steps
        return (number(self.number.piece) * times // by).clip(0)

    def fen(self, row: Row) -> int | None:
        """Return the amount for one firm; None where a fact is missing."""
        found = row.value(self.tree)
        return max(0, int(found * FEN // 1)) if isinstance(found, Fraction) else None

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most that it can be, whatever the facts are."""
        times, by = self._steps
        return max(0, self.number.low * times // by), max(0, self.number.high * times // by)

    @property
    def fits(self) -> bool:
        """Whether it and all on the way to it fit into a column."""
        times, _by = self._steps
        widest = max(abs(self.number.low), abs(self.number.high)) * times
        return not self.number.large and widest < LARGEST


def payment(source: Source, dictionary: Dictionary, today: date) -> Payment:
    """Return the amount of a text as of a day; RulesError where it is none, no money, or a quotient."""
    tree = expression(source, KNOWN, Names(dictionary.by_name))
    checker = Checker(source, dictionary, today)
    found = checker.whole(tree)
    if checker.problems:
        raise RulesError(checker.problems)
    whole = (0, len(source.plain))
    if not isinstance(found, kinds.Amount) or found.quantity.units != MONEY:
        message = f"This is {kinds.said(found)}, not an amount of money."
        raise RulesError([source.problem(*whole, message, "Write an amount with its unit.")])
    if not found.quantity.plain:
        message = "An amount is no quotient."
        raise RulesError([source.problem(*whole, message, "Write a share as 3 % of something.")])
    made = Payment(source, tree, found.quantity.over)
    if not made.fits or checker.why_slow:
        message = "This amount, or a part of it, can be larger than a column holds."
        raise RulesError([source.problem(*whole, message, "Give its facts tighter bounds, or fewer digits.")])
    return made

"""What a policy pays: the amount, and how it stands to other payments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang.names import Names
from zhitong.kernel.rules.lang.parser import expression
from zhitong.kernel.rules.policy import ir, kinds
from zhitong.kernel.rules.policy.check import MONEY, Checker
from zhitong.kernel.rules.policy.words import KNOWN
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from datetime import date

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
    paid for lower tiers by the same payer. `group`: of a group only the highest. `cap`: all of a cap group
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
    """An amount made ready: over columns a number at a scale, row by row its tree; fen, rounded down."""

    source: Source
    tree: nodes.Node
    number: Bounded

    def fen(self, row: Row) -> int | None:
        """Return the amount for one firm; None where a fact is missing."""
        found = row.value(self.tree)
        return int(found * FEN // 1) if isinstance(found, Fraction) else None

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the most that it can be, whatever the facts are."""
        return self.number.low * FEN // self.number.scale, self.number.high * FEN // self.number.scale


def payment(source: Source, dictionary: Dictionary, today: date) -> Payment:
    """Return the amount of a text as of a day; RulesError where it is none, no money, or a quotient."""
    tree = expression(source, KNOWN, Names(dictionary.by_name))
    checker = Checker(source, dictionary, today)
    found = checker.kind(tree)
    if checker.problems:
        raise RulesError(checker.problems)
    if checker.too_large:
        raise RulesError(
            [source.problem(0, 1, "This amount can be larger than any.", "Put a cap on it: min(...).")]
        )
    if not isinstance(found, kinds.Amount) or found.quantity.units != MONEY:
        message = f"This is {kinds.said(found)}, not an amount of money."
        raise RulesError([source.problem(0, len(source.plain), message, "Write an amount with its unit.")])
    if not found.quantity.plain:
        message = "An amount is no quotient."
        raise RulesError(
            [source.problem(0, len(source.plain), message, "Write a share as 3 % of something.")]
        )
    return Payment(source, tree, found.quantity.over)


def constant(made: Payment) -> int | None:
    """Return the fen of an amount that is the same for all; None where it depends on facts."""
    piece = made.number.piece
    return piece.value * FEN // made.number.scale if isinstance(piece, ir.Whole) else None

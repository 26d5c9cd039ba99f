"""What is known of facts before any firm is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.lang.names import canonical
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FEN = 100  # fen of a yuan
WIDEST = 10**15  # no fact is larger, in its smallest unit, unless the dictionary says so
EPOCH = date(1970, 1, 1)


class Kind(StrEnum):
    """How a fact is kept: all numbers as whole ones in their smallest unit, so that nothing is rounded."""

    MONEY = "money"  # whole fen
    COUNT = "count"  # whole numbers of things
    RATIO = "ratio"  # shares and rates, with `digits` behind the point
    NUMBER = "number"  # any other quantity, with `digits` behind the point
    FLAG = "flag"  # true or false
    CODE = "code"  # one of a list
    DAY = "day"  # days since 1970-01-01


NUMERIC = frozenset({Kind.MONEY, Kind.COUNT, Kind.RATIO, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a firm.

    `unit` is what it counts: money for amounts, nothing for shares, else a word such as people. `low` and
    `high` bound it in the unit people write (yuan, not fen). `codes` are those that a code may be. `period`,
    `source` and `fresh_days` say of when it is, who gives it, and how long it is good for.
    """

    name: str
    kind: Kind
    unit: str = ""
    digits: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    period: str = ""
    source: str = ""
    fresh_days: int | None = None

    @property
    def scale(self) -> int:
        """How many of the smallest unit make one of the unit that people write."""
        return FEN if self.kind is Kind.MONEY else int(10**self.digits)

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and largest value, in the smallest unit."""
        low = -WIDEST if self.low is None else int(self.low * self.scale)
        high = WIDEST if self.high is None else int(self.high * self.scale)
        return low, high

    def kept(self, value: Any) -> Any:
        """Return a value that people write as it is kept; None stays None.

        ValueError where it is none: outside its bounds, finer than its smallest unit, no code of the list.
        """
        if value is None:
            return None
        if self.kind is Kind.FLAG:
            return self._flag(value)
        if self.kind is Kind.CODE:
            return self._code(value)
        if self.kind is Kind.DAY:
            return (value - EPOCH).days if isinstance(value, date) else int(value)
        whole = Fraction(str(value) if isinstance(value, float) else value) * self.scale
        low, high = self.bounds
        if whole.denominator != 1:
            message = f"{self.name}: {value} is finer than {self.scale} parts of one."
            raise ValueError(message)
        if not low <= whole <= high:
            message = f"{self.name}: {value} lies outside its bounds."
            raise ValueError(message)
        return int(whole)

    def _flag(self, value: Any) -> bool:
        if not isinstance(value, bool):
            message = f"{self.name}: {value!r} is neither true nor false."
            raise TypeError(message)
        return value

    def _code(self, value: Any) -> str:
        if value not in self.codes:
            message = f"{self.name}: {value!r} is none of its codes."
            raise ValueError(message)
        return str(value)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Facts by name and alias, each name spelled in one way."""

    facts: tuple[Fact, ...]
    by_name: Mapping[str, Fact] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[str, Fact] = {}
        for fact in self.facts:
            for name in (fact.name, *fact.aliases):
                spelled = canonical(name)
                if spelled in found:
                    message = f"{name} is the name of two facts."
                    raise ValueError(message)
                found[spelled] = fact
        object.__setattr__(self, "by_name", found)

    def find(self, name: str) -> Fact | None:
        """Return the fact of a name or alias, however it is typed."""
        try:
            return self.by_name.get(canonical(name))
        except RulesError:  # a sign that no name has
            return None

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> Dictionary:
        """Return a dictionary of facts."""
        return cls(tuple(facts))

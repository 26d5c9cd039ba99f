"""What a piece of a condition is while it is checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhitong.kernel.rules.facts.dictionary import Kind

if TYPE_CHECKING:
    from zhitong.kernel.rules.feel.durations import Duration
    from zhitong.kernel.rules.policy import ir
    from zhitong.kernel.rules.policy.numbers import Bounded, Quantity


@dataclass(frozen=True, slots=True)
class Truth:
    """A condition."""

    test: ir.Test


@dataclass(frozen=True, slots=True)
class Amount:
    """A number."""

    quantity: Quantity
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day, in days since 1970-01-01."""

    number: Bounded
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Lapse:
    """A duration that is written out."""

    duration: Duration


@dataclass(frozen=True, slots=True)
class Code:
    """A fact that is one of some codes."""

    fact: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A text that is written out."""

    text: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """The word null."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece with a problem that was told already."""


Checked = Truth | Amount | Day | Lapse | Code | Word | Nothing | Broken
NAMES = {
    Truth: "a condition",
    Amount: "a number",
    Day: "a day",
    Lapse: "a duration",
    Code: "a code",
    Word: "a text",
    Nothing: "null",
    Broken: "nothing",
}


def kind_of(quantity: Quantity) -> Kind:
    """Return what a number is shown as: money, a share where it counts nothing, else a number."""
    if quantity.units == (("money", 1),):
        return Kind.MONEY
    return (
        Kind.NUMBER
        if quantity.units or quantity.literal or (quantity.over.scale == 1 and quantity.plain)
        else Kind.RATIO
    )


def said(kind: Checked) -> str:
    """Return what a piece is, in words."""
    if isinstance(kind, Amount):
        units = " ".join(f"{name}^{power}" if power != 1 else name for name, power in kind.quantity.units)
        return f"a number of {units}" if units else "a number without unit"
    return NAMES[type(kind)]

"""Conditions as they are compiled: whole numbers and three-valued tests, each piece equal to its like.

Numbers are whole ones at a scale that the checker chose, so nothing is rounded. A test is true, false, or
unknown where a fact is missing; `and`, `or` and `not` are Kleene's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Piece:
    """Any piece of a compiled condition."""


# ---------------------------------------------------------------- whole numbers


@dataclass(frozen=True, slots=True)
class Number(Piece):
    """A piece whose value is a whole number, or missing."""


@dataclass(frozen=True, slots=True)
class Field(Number):
    """A fact that is a number or a day."""

    name: str


@dataclass(frozen=True, slots=True)
class Whole(Number):
    """A number that is written out."""

    value: int


@dataclass(frozen=True, slots=True)
class Sum(Number):
    """Two numbers added."""

    left: Number
    right: Number


@dataclass(frozen=True, slots=True)
class Product(Number):
    """Two numbers multiplied."""

    left: Number
    right: Number


@dataclass(frozen=True, slots=True)
class Extreme(Number):
    """The smallest or the largest of some numbers; missing where one is."""

    largest: bool
    items: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Absolute(Number):
    """A number without its sign."""

    value: Number


@dataclass(frozen=True, slots=True)
class Filled(Number):
    """A number, or what stands for it where it is missing."""

    value: Number
    instead: int


@dataclass(frozen=True, slots=True)
class Chosen(Number):
    """One of two numbers by a test; missing where the test is unknown."""

    test: Test
    then: Number
    otherwise: Number


@dataclass(frozen=True, slots=True)
class Years(Number):
    """Full years from one day to another, as birthdays are counted; days since 1970-01-01."""

    since: Number
    until: Number


# ---------------------------------------------------------------- tests


@dataclass(frozen=True, slots=True)
class Test(Piece):
    """A piece that is true, false or unknown."""


@dataclass(frozen=True, slots=True)
class Constant(Test):
    """Always the same; None is unknown."""

    value: bool | None


@dataclass(frozen=True, slots=True)
class Flag(Test):
    """A fact that is true or false."""

    name: str


@dataclass(frozen=True, slots=True)
class Reported(Test):
    """Whether a fact is there; never unknown."""

    name: str


@dataclass(frozen=True, slots=True)
class Compare(Test):
    """Whether a number is at least, above, equal to another one: sign is one of `>= > =`."""

    sign: str
    left: Number
    right: Number


@dataclass(frozen=True, slots=True)
class Among(Test):
    """Whether a code is one of some."""

    name: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class SameCode(Test):
    """Whether two facts have the same code."""

    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Not(Test):
    """The opposite."""

    test: Test


@dataclass(frozen=True, slots=True)
class All(Test):
    """Whether all tests hold."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Some(Test):
    """Whether one of the tests holds."""

    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class AtLeast(Test):
    """Whether so many of the tests hold."""

    number: int
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Where(Test):
    """A test that is known only where a condition holds: a quotient only where nothing is divided by zero."""

    condition: Test
    test: Test


@dataclass(frozen=True, slots=True)
class Certain(Test):
    """A test, or what stands for it where it is unknown."""

    test: Test
    instead: bool


@dataclass(frozen=True, slots=True)
class Switch(Test):
    """One of two tests by a third; unknown where that is."""

    test: Test
    then: Test
    otherwise: Test


ATOMS = (Flag, Reported, Compare, Among, SameCode)


def pieces(piece: Piece) -> Iterator[Piece]:
    """Give the pieces right below one."""
    for name in _names(type(piece)):
        value = getattr(piece, name)
        if isinstance(value, Piece):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Piece))


@cache
def _names(kind: type[Piece]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def fields_of(piece: Piece) -> frozenset[str]:
    """Return the facts that a piece reads."""
    found: set[str] = set()
    waiting = [piece]
    while waiting:
        here = waiting.pop()
        if isinstance(here, (Field, Flag, Reported, Among)):
            found.add(here.name)
        elif isinstance(here, SameCode):
            found |= {here.left, here.right}
        waiting.extend(pieces(here))
    return frozenset(found)

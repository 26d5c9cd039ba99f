"""What a column of a decision table tells apart: the values at which its cells turn, and what lies between.

A column of numbers is cut at every number that its cells name, into these numbers and what lies between them;
so are days. A column of texts falls into the texts it names and all others. Which cells hold for a piece is
asked of the interpreter, with one value of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.dates import Date, date_at
from zhitong.kernel.rules.feel.literals import at_literal, number
from zhitong.kernel.rules.lang import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

OTHER = "\u0003"  # a text that no table names


class TooMuchError(Exception):
    """A cell says more than a comparison with values that are written out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a column: one value of it, and how it is said."""

    value: Any
    said: str


def pieces(cells: Iterable[nodes.Tests], kind: str) -> list[Piece]:
    """Return the pieces of a column; TooMuchError where its cells are more than comparisons.

    `kind` is the type of the column, where it is known: it decides for a column whose cells name nothing.
    """
    values = [value for cell in cells for value in _named(cell)]
    if kind == "boolean" or any(isinstance(value, bool) for value in values):
        return [Piece(value=True, said="true"), Piece(value=False, said="false")]
    if all(isinstance(value, str) for value in values) and (values or kind == "string"):
        texts = sorted(set(values))
        return [*(Piece(text, f'"{text}"') for text in texts), Piece(OTHER, "any other text")]
    if all(isinstance(value, Decimal) for value in values):
        return _between(sorted(set(values)))
    if all(isinstance(value, Date) for value in values):
        found = _between([Decimal(at) for at in sorted({value.ordinal for value in values})], step=Decimal(2))
        return [Piece(date_at(int(piece.value)), piece.said) for piece in found if piece.value % 1 == 0]
    message = "Its values are of several kinds."
    raise TooMuchError(message)


def _between(ends: list[Decimal], step: Decimal = Decimal(1)) -> list[Piece]:
    if not ends:
        return [Piece(Decimal(0), "any value")]
    found = [Piece(ends[0] - step, f"below {_said(ends[0], step)}")]
    for low, high in pairwise(ends):
        found += [_at(low, step)]
        if step == 1 or high - low > 1:  # between two days that follow each other there is none
            middle = (low + high) / 2 if step == 1 else low + 1
            found.append(Piece(middle, f"between {_said(low, step)} and {_said(high, step)}"))
    return [*found, _at(ends[-1], step), Piece(ends[-1] + step, f"above {_said(ends[-1], step)}")]


def _at(value: Decimal, step: Decimal) -> Piece:
    return Piece(value, _said(value, step))


def _said(value: Decimal, step: Decimal) -> str:
    return f"{value:f}" if step == 1 else str(date_at(int(value)))


def _named(cell: nodes.Tests) -> list[Any]:
    """The values that a cell compares with."""
    found: list[Any] = []
    waiting: list[nodes.Node] = list(cell.tests)
    while waiting:
        here = waiting.pop()
        if isinstance(here, nodes.Test):
            waiting.append(here.value)
        elif isinstance(here, nodes.Span):
            waiting += [here.low, here.high]
        elif isinstance(here, nodes.Items):
            waiting += here.items
        else:
            found.append(_value(here))
    return found


def _value(node: nodes.Node) -> Any:
    if isinstance(node, nodes.Literal) and node.value is not None:
        return number(node)
    if isinstance(node, nodes.Negate) and isinstance(node.value, nodes.Literal):
        return -number(node.value)
    if isinstance(node, nodes.At) and isinstance(found := at_literal(node.text), Date):
        return found
    message = "A cell says more than a comparison with values that are written out."
    raise TooMuchError(message)

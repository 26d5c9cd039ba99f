"""The tree of an expression; every node knows where it stands in the plain text."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of an expression: from `begin` to before `end`."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A number, a text, a truth value or null; `unit` is what stood right behind a number."""

    value: Decimal | str | bool | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class At(Node):
    """A date, time or duration by its form."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A known or unknown name, with single spaces."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A part of a value, by name."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """The items of a list for which a condition holds, or the one at a place."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function called with arguments, by place or by name."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two values and what stands between them: `or and = != < <= > >= + - * / **`."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    """The number or duration with the other sign."""

    value: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """Whether a value lies between two others, both included."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """Whether a value passes one of several tests."""

    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A comparison with the value that is tested: `< 5`."""

    sign: str
    value: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Tests of which one has to pass; none has to with `negated`; without tests everything passes (`-`)."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Span(Node):
    """All values between two, each included or not."""

    low: Node
    high: Node
    with_low: bool
    with_high: bool


@dataclass(frozen=True, slots=True)
class If(Node):
    """One of two values, by a condition."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Turn(Node):
    """A name that goes through a list or from one number or date to another."""

    name: str
    source: Node
    until: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """A value for each turn, as a list."""

    turns: tuple[Turn, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """Whether a condition holds for some or for every turn."""

    every: bool
    turns: tuple[Turn, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Function(Node):
    """A function with named parameters and, where they say so, their types."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class Items(Node):
    """A list."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Context(Node):
    """Values by name, in order; a later one may use those before."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """Whether a value is of a type."""

    value: Node
    type: TypeName


@dataclass(frozen=True, slots=True)
class TypeName(Node):
    """A type as it is written: its name and, in angle brackets, types with or without names of parts."""

    name: str
    parts: tuple[tuple[str, TypeName], ...] = ()
    result: TypeName | None = None


def children(node: Node) -> Iterator[Node]:
    """Give the nodes that stand right below one."""
    for name in _fields(type(node)):
        yield from _nodes(getattr(node, name))


@cache
def _fields(kind: type[Node]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in {"begin", "end"})


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)

"""What a decision model is made of, as it was read; every text keeps its place in the file."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhitong.kernel.rules.lang.source import Source


@dataclass(frozen=True, slots=True)
class Variable:
    """A name and, where it was said, the name of its type."""

    name: str
    type: str = ""


class Expression:
    """Anything that has a value: boxed as DMN says."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Text(Expression):
    """A FEEL expression as it is written."""

    source: Source
    type: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a boxed context; the last one may have no name and is the result."""

    name: str
    type: str
    value: Expression | None


@dataclass(frozen=True, slots=True)
class BoxedContext(Expression):
    """Values by name."""

    entries: tuple[Entry, ...]
    type: str = ""


@dataclass(frozen=True, slots=True)
class Invocation(Expression):
    """A function and its arguments by name."""

    function: Expression
    bindings: tuple[tuple[Variable, Expression | None], ...]
    type: str = ""


@dataclass(frozen=True, slots=True)
class BoxedFunction(Expression):
    """A function with a boxed body; `outside` where it is no FEEL."""

    parameters: tuple[Variable, ...]
    body: Expression | None
    outside: bool = False
    type: str = ""


@dataclass(frozen=True, slots=True)
class BoxedList(Expression):
    """Values one after the other."""

    items: tuple[Expression | None, ...]
    type: str = ""


@dataclass(frozen=True, slots=True)
class Relation(Expression):
    """Rows of values by column."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple[Expression | None, ...], ...]
    type: str = ""


@dataclass(frozen=True, slots=True)
class Conditional(Expression):
    """One of two values."""

    condition: Expression | None
    then: Expression | None
    otherwise: Expression | None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Filtered(Expression):
    """The items of a list for which something holds."""

    base: Expression | None
    match: Expression | None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Iterated(Expression):
    """A loop: `kind` is for, every or some."""

    kind: str
    variable: Variable
    base: Expression | None
    body: Expression | None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A column of conditions."""

    expression: Text
    allowed: Source | None


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results."""

    name: str
    type: str
    allowed: Source | None
    default: Text | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one cell for each column."""

    tests: tuple[Source, ...]
    results: tuple[Text, ...]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Table(Expression):
    """A decision table; `hit` is the first letter of its hit policy, `aggregation` that of C."""

    hit: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    source: Source
    type: str = ""


@dataclass(frozen=True, slots=True)
class Defined:
    """A type as the model defines it."""

    name: str
    base: str = ""
    collection: bool = False
    parts: tuple[Defined, ...] = ()
    allowed: Source | None = None
    constraint: Source | None = None
    function: tuple[tuple[Variable, ...], str] | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A fact that comes from outside."""

    key: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, what it needs, and how it is made."""

    key: str
    name: str
    variable: Variable
    logic: Expression | None
    decisions: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    key: str
    name: str
    variable: Variable
    function: BoxedFunction | None
    knowledge: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: decisions as one function of its inputs."""

    key: str
    name: str
    variable: Variable
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    decisions: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(slots=True)
class Model:
    """A whole model; `imports` are those of other models by the name that it gives them."""

    name: str
    namespace: str
    types: dict[str, Defined] = field(default_factory=dict)
    given: dict[str, Given] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    knowledge: dict[str, Knowledge] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    imports: dict[str, Model] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

"""How built-in functions say what they take."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.scope import NOTHING
from zhitong.kernel.rules.feel.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHORT = {
    "days": "days and time duration",
    "months": "years and months duration",
    "moment": "date and time",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: which kinds it takes (none: all), whether null is one, and whether it may be left out."""

    name: str
    kinds: frozenset[str]
    nullable: bool
    optional: bool
    spread: bool

    @classmethod
    def parse(cls, text: str) -> Parameter:
        """Read `name: kind|kind`; `?` behind the name: may be left out, behind the kinds: may be null.

        `...` before the name takes all further arguments as one list.
        """
        name, _colon, kinds = text.partition(":")
        spread = name.startswith("...")
        name = name.removeprefix("...")
        nullable = kinds.strip().endswith("?") or not kinds
        wanted = [kind.strip() for kind in kinds.strip().removesuffix("?").split("|") if kind.strip()]
        named = frozenset(SHORT.get(kind, kind) for kind in wanted)
        return cls(name.strip().removesuffix("?"), named, nullable, name.strip().endswith("?"), spread)


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function."""

    parameters: tuple[Parameter, ...]
    run: Callable[..., Any] = field(repr=False)

    def __str__(self) -> str:
        return ", ".join(parameter.name for parameter in self.parameters)

    def bind(self, given: Sequence[Any], names: tuple[str, ...]) -> list[tuple[Any, Parameter]] | None:
        """Return each parameter with its argument; None where they do not fit together."""
        last = self.parameters[-1] if self.parameters else None
        spread = last is not None and last.spread
        if names:
            return None if spread else self._by_name(dict(zip(names, given, strict=True)), len(given))
        if spread:
            fixed = len(self.parameters) - 1
            if len(given) <= fixed:
                return None
            given = [*given[:fixed], list(given[fixed:])]
        needed = sum(not parameter.optional for parameter in self.parameters)
        if not needed <= len(given) <= len(self.parameters):
            return None
        filled = [*given, *[None] * (len(self.parameters) - len(given))]
        return [
            (value if number < len(given) else NOTHING, parameter)
            for number, (value, parameter) in enumerate(zip(filled, self.parameters, strict=True))
        ]

    def _by_name(self, given: dict[str, Any], count: int) -> list[tuple[Any, Parameter]] | None:
        known = {parameter.name for parameter in self.parameters}
        needed = {parameter.name for parameter in self.parameters if not parameter.optional}
        if len(given) != count or not needed <= given.keys() <= known:
            return None
        return [(given.get(parameter.name, NOTHING), parameter) for parameter in self.parameters]

    def fit(self, value: Any, parameter: Parameter) -> Any:
        """Return an argument as the parameter takes it; NOTHING where it does not."""
        if value is NOTHING:  # left out
            return None
        if value is None:
            return None if parameter.nullable else NOTHING
        if not parameter.kinds or kind_of(value) in parameter.kinds:
            return value
        if isinstance(value, list) and len(value) == 1 and kind_of(value[0]) in parameter.kinds:
            return value[0]
        if "list" in parameter.kinds:
            return [value]
        return NOTHING


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A function that FEEL has, with its signatures in the order in which they are tried."""

    name: str
    signatures: tuple[Signature, ...]


class Table:
    """The functions of one subject."""

    def __init__(self) -> None:
        self.functions: dict[str, Builtin] = {}

    def add(self, name: str, *parameters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Make a Python function known under a name; it gets the interpreter first, then its arguments."""

        def known(run: Callable[..., Any]) -> Callable[..., Any]:
            signature = Signature(tuple(map(Parameter.parse, parameters)), run)
            before = self.functions[name].signatures if name in self.functions else ()
            self.functions[name] = Builtin(name, (*before, signature))
            return run

        return known

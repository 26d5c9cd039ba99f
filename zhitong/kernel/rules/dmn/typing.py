"""The types that a model defines, as types of FEEL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.interpret import KNOWN, Interpreter
from zhitong.kernel.rules.feel.scope import Scope, Work
from zhitong.kernel.rules.feel.types import ANY, PLAIN, SPELLED, Type, Types
from zhitong.kernel.rules.lang.names import Names
from zhitong.kernel.rules.lang.parser import unary_tests
from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.dmn.model import Defined, Model
    from zhitong.kernel.rules.lang.source import Source


class TypeReader:
    """Makes types of the definitions of a model; what cannot be made is noted and stands for Any."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.problems: list[Problem] = []
        self.types: Types = {}
        self._names = Names(model.names)
        self._making: set[str] = set()

    def read(self) -> Types:
        """Return all types by name, those of imported models with their prefix."""
        for prefix, imported in self.model.imports.items():
            inner = TypeReader(imported)
            self.types |= {f"{prefix}.{name}": kind for name, kind in inner.read().items()}
            self.problems += inner.problems
        for name in self.model.types:
            self.named(name)
        return self.types

    def named(self, name: str) -> Type:
        """Return the type that a name stands for; Any for an empty or unknown one."""
        plain = SPELLED.get(name, name)
        if plain in self.types:
            return self.types[plain]
        if plain in self.model.types and plain not in self._making:
            self._making.add(plain)
            self.types[plain] = self._made(self.model.types[plain])
            self._making.discard(plain)
            return self.types[plain]
        return Type(plain) if plain in PLAIN else ANY

    def _made(self, defined: Defined) -> Type:
        kind = self._base(defined)
        if defined.allowed is not None and kind.allowed is not None and kind.base is not None:
            kind = kind.base  # its own values stand instead of those of the type it comes from
        if defined.allowed is not None:
            kind = Type(
                kind.name, base=kind, items=kind.items, parts=kind.parts, allowed=self._test(defined.allowed)
            )
        if defined.collection:
            kind = Type("list", items=kind)
        if defined.constraint is not None:
            kind = Type(kind.name, base=kind, items=kind.items, allowed=self._test(defined.constraint))
        return kind

    def _base(self, defined: Defined) -> Type:
        if defined.function is not None:
            parameters, result = defined.function
            kinds = tuple(self.named(row.type) for row in parameters)
            return Type("function", parameters=kinds, result=self.named(result))
        if defined.parts:
            return Type("context", parts={part.name: self._made(part) for part in defined.parts})
        return self.named(defined.base)

    def _test(self, source: Source) -> Callable[[Any], bool] | None:
        """Whether a value is one of those that are allowed."""
        try:
            tests = unary_tests(source, KNOWN, self._names)
        except RulesError as error:
            self.problems += error.problems
            return None

        def allowed(value: Any) -> bool:
            return Interpreter(Work(source), {}).passes(tests, value, Scope({})) is True

        return allowed

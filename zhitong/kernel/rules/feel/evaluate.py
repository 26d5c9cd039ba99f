"""One expression, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.interpret import KNOWN, Interpreter
from zhitong.kernel.rules.feel.scope import Scope, Work
from zhitong.kernel.rules.lang.names import Names, canonical
from zhitong.kernel.rules.lang.parser import expression
from zhitong.kernel.rules.lang.source import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zhitong.kernel.rules.problems import Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, and what was null on the way to it and why."""

    value: Any
    notes: tuple[Problem, ...]


def evaluate(text: str, facts: Mapping[str, Any] | None = None, *, file: str = "<text>") -> Answer:
    """Return what an expression gives for facts by name, in the standard's way: a missing fact is null.

    Facts are values of FEEL (see `values`); whole numbers of Python are taken as well. RulesError where the
    text is no expression.
    """
    known = {canonical(name): _value(value) for name, value in (facts or {}).items()}
    source = Source(text, file)
    tree = expression(source, KNOWN, Names(known))
    work = Work(source)
    value = Interpreter(work, {}).whole(tree, Scope(known))
    return Answer(value, tuple(work.notes))


def _value(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, (list, tuple)):
        return [_value(item) for item in value]
    return {name: _value(item) for name, item in value.items()} if isinstance(value, dict) else value

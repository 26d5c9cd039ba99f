"""Functions called: which signature fits, which argument is which parameter, and what fits into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.builtins.signatures import Builtin
from zhitong.kernel.rules.feel.scope import NOTHING
from zhitong.kernel.rules.feel.types import coerced
from zhitong.kernel.rules.feel.values import Callee
from zhitong.kernel.rules.lang import nodes

if TYPE_CHECKING:
    from zhitong.kernel.rules.feel.interpret import Interpreter
    from zhitong.kernel.rules.feel.scope import Scope


def call(feel: Interpreter, node: nodes.Call, scope: Scope) -> Any:
    """The value of a function for its arguments."""
    function = feel.value(node.function, scope)
    given = [feel.value(argument, scope) for argument in node.arguments]
    return invoke(feel, node, function, given, node.names)


def invoke(
    feel: Interpreter, node: nodes.Node, function: Any, given: list[Any], names: tuple[str, ...] = ()
) -> Any:
    """Return what a function gives for values; null, with a note, where they do not fit."""
    if isinstance(function, Builtin):
        return _builtin(feel, node, function, given, names)
    if not isinstance(function, Callee):
        return feel.null(node, "This is no function.")
    if names:
        if set(names) != set(function.parameters) or len(names) != len(function.parameters):
            return feel.null(node, f"The parameters are {', '.join(function.parameters)}.")
        by_name = dict(zip(names, given, strict=True))
        given = [by_name[name] for name in function.parameters]
    if len(given) != len(function.parameters):
        return feel.null(node, f"The function takes {len(function.parameters)} arguments.")
    types = function.types or (None,) * len(given)
    fitted = [coerced(value, kind, feel.types) for value, kind in zip(given, types, strict=True)]
    if any(after is None and before is not None for before, after in zip(given, fitted, strict=True)):
        feel.null(node, "An argument is not of the type of its parameter, and is null for it.")
        if function.strict:
            return None
    result = function.run(*fitted)
    return coerced(result, function.result, feel.types)


def _builtin(
    feel: Interpreter, node: nodes.Node, function: Builtin, given: list[Any], names: tuple[str, ...]
) -> Any:
    for signature in function.signatures:
        bound = signature.bind(given, names)
        if bound is None:
            continue
        fitted = [signature.fit(value, parameter) for value, parameter in bound]
        if NOTHING in fitted:
            continue
        found = signature.run(feel, *fitted)
        if found is None:
            feel.null(node, f"{function.name}() has no value for these arguments.")
        return found
    said = " or ".join(f"{function.name}({signature})" for signature in function.signatures)
    return feel.null(node, f"These arguments do not fit {said}.")

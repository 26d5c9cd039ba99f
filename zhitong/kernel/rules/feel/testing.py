"""Whether a value passes a test: `in`, and the cells of decision tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.compare import contains, equal, holds
from zhitong.kernel.rules.feel.scope import Scope
from zhitong.kernel.rules.feel.values import Range
from zhitong.kernel.rules.lang import nodes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhitong.kernel.rules.feel.interpret import Interpreter

TESTED = "?"


def is_in(feel: Interpreter, node: nodes.In, scope: Scope) -> bool | None:
    """Whether the value of a node passes one of its tests."""
    value = feel.value(node.value, scope)
    found = _any(_passes(feel, test, value, Scope({TESTED: value}, scope)) for test in node.tests.tests)
    return found if found is not None else feel.null(node, "These values cannot be compared.")


def cell(feel: Interpreter, tests: nodes.Tests, value: Any, scope: Scope) -> bool | None:
    """Whether a value passes the tests of a cell."""
    if not tests.tests:
        return True
    inner = Scope({TESTED: value}, scope)
    found = _any(_passes(feel, test, value, inner) for test in tests.tests)
    if not tests.negated:
        return found
    return None if found is None else not found


def as_range(feel: Interpreter, node: nodes.Test, scope: Scope) -> Range | None:
    """A comparison that stands as a value: `(< 5)` is the range of all that are less."""
    value = feel.value(node.value, scope)
    if value is None:
        return feel.null(node, "What it is compared with is not known.")
    if node.sign in {"<", "<="}:
        return Range(None, value, False, node.sign == "<=", node.sign)
    if node.sign in {">", ">="}:
        return Range(value, None, node.sign == ">=", False, node.sign)
    return Range(value, value, True, True, node.sign)


def _passes(feel: Interpreter, test: nodes.Node, value: Any, scope: Scope) -> bool | None:
    if isinstance(test, nodes.Test):
        return holds(test.sign, value, feel.value(test.value, scope))
    said = feel.value(test, scope)
    if isinstance(said, bool) and mentions_tested(test):
        return said
    if isinstance(test, nodes.Span) and said is None:
        return None
    return fits(value, said)


def fits(value: Any, said: Any) -> bool | None:
    """Whether a value is what a test says: the same, in its range, or in its list."""
    if isinstance(said, Range) and not isinstance(value, Range):
        return contains(said, value)
    if isinstance(said, list):
        whole = equal(value, said) if isinstance(value, list) else False
        return bool(whole) or any(_is_item(value, item) for item in said)
    return equal(value, said)


def _is_item(value: Any, item: Any) -> bool:
    if isinstance(item, Range) and not isinstance(value, Range):
        return contains(item, value) is True
    return equal(value, item) is True


def _any(results: Iterable[bool | None]) -> bool | None:
    found: bool | None = False
    for result in results:
        if result is True:
            return True
        if result is None:
            found = None
    return found


def mentions_tested(node: Any) -> bool:
    """Whether `?` stands anywhere in a tree."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, nodes.Name) and here.name == TESTED:
            return True
        waiting.extend(nodes.children(here))
    return False

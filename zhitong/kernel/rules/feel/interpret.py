"""Works out expressions one by one: the reference that other ways of working them out are held against."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel import arithmetic, calls, loops, parts, testing
from zhitong.kernel.rules.feel.builtins import BUILTINS
from zhitong.kernel.rules.feel.compare import holds, order
from zhitong.kernel.rules.feel.literals import at_literal, number
from zhitong.kernel.rules.feel.scope import NOTHING, EvaluationError, Scope, Work
from zhitong.kernel.rules.feel.types import is_instance
from zhitong.kernel.rules.feel.values import Callee, Range
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.names import Names
from zhitong.kernel.rules.lang.parser import expression
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.feel.dates import Moment
    from zhitong.kernel.rules.feel.types import Types

ARITHMETIC = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
}
HALF = re.compile(r"([\[(])(.+?)\.\.\)|\(\.\.(.+?)([\])])")  # `[2..)` and `(..2]`: an end left out is open
KNOWN = Names((*BUILTINS, *parts.PART_NAMES))
COMPARING = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Interpreter:
    """Works out the trees of one text; `types` are those that the model defines by name, `now` is given."""

    def __init__(self, work: Work, types: Types, now: Moment | None = None) -> None:
        self.work = work
        self.types = types
        self.now = now

    def value(self, node: nodes.Node, scope: Scope) -> Any:
        """Return the value of a node; null, with a note, where it has none."""
        self.work.step()
        return HANDLERS[type(node)](self, node, scope)

    def whole(self, node: nodes.Node, scope: Scope) -> Any:
        """Return the value of a whole text; what is too long or too deep is null, with a note."""
        try:
            return self.value(node, scope)
        except EvaluationError as error:
            self.work.note(node, str(error))
        except RecursionError:
            self.work.note(node, "Functions call one another too deep.")
        return None

    def passes(self, tests: nodes.Tests, value: Any, scope: Scope) -> bool | None:
        """Return whether a value passes the tests of a cell."""
        try:
            return testing.cell(self, tests, value, scope)
        except EvaluationError as error:
            self.work.note(tests, str(error))
        except RecursionError:
            self.work.note(tests, "Functions call one another too deep.")
        return None

    def range_of(self, text: str) -> Range | None:
        """Return a range by its text, where its ends are written out; one end may be left out."""
        half = HALF.fullmatch(text.strip())
        if half is not None:
            opening, low, high, closing = half.groups()
            sign = (">" if opening == "(" else ">=") if low else ("<" if closing == ")" else "<=")
            text = f"({sign} {low or high})"
        try:
            node = expression(Source(text, "range()"), KNOWN)
        except RulesError:
            return None
        ends = (node.low, node.high) if isinstance(node, nodes.Span) else (getattr(node, "value", node),)
        if not isinstance(node, nodes.Span if half is None else nodes.Test) or not all(
            map(_is_constant, ends)
        ):
            return None
        found = self.value(node, Scope({}))
        return None if found is None or order(found.low, found.high) == 1 else found

    def apply(self, function: Any, *given: Any) -> Any:
        """Return what a function gives for values, whether FEEL has it or the text made it."""
        self.work.step()
        return calls.invoke(self, NOWHERE, function, list(given))

    def null(self, node: nodes.Node, message: str) -> None:
        """Note what went wrong."""
        self.work.note(node, message)


NOWHERE = nodes.Node(0, 0)
MADE = frozenset({"date", "time", "date and time", "duration", "years and months duration"})


def _is_constant(node: nodes.Node) -> bool:
    """Whether a node is written out: a literal, its opposite, or a date and the like made of literals."""
    if isinstance(node, nodes.Call):
        made = isinstance(node.function, nodes.Name) and node.function.name in MADE
        return made and all(map(_is_constant, node.arguments))
    if isinstance(node, nodes.Negate):
        return _is_constant(node.value)
    return isinstance(node, (nodes.Literal, nodes.At))


def _literal(feel: Interpreter, node: nodes.Literal, scope: Scope) -> Any:
    del feel, scope
    return number(node)


def _at(feel: Interpreter, node: nodes.At, scope: Scope) -> Any:
    del scope
    found = at_literal(node.text)
    return found if found is not None else feel.null(node, "This is no date, time or duration.")


def _name(feel: Interpreter, node: nodes.Name, scope: Scope) -> Any:
    found = scope.get(node.name)
    if found is not NOTHING:
        return found
    builtin = BUILTINS.get(node.name)
    if builtin is not None:
        return builtin
    # A name with a point in it may be one of the model elsewhere, and here a part of something.
    head, _point, rest = node.name.partition(".")
    found = scope.get(head) if rest else NOTHING
    if found is NOTHING:
        return feel.null(node, "Nothing of this name is known.")
    for name in rest.split("."):
        found = parts.part(found, name)
    return found


def _binary(feel: Interpreter, node: nodes.Binary, scope: Scope) -> Any:
    """Sums and conjunctions of a thousand parts lean to the left: their spine is walked, not climbed."""
    spine = [node]
    while isinstance(spine[-1].left, nodes.Binary):
        spine.append(spine[-1].left)
    value = feel.value(spine[-1].left, scope)
    for piece in reversed(spine):
        value = _joined(feel, piece, value, scope)
    return value


def _joined(feel: Interpreter, node: nodes.Binary, left: Any, scope: Scope) -> Any:
    if node.sign in {"and", "or"}:
        return _logic(feel, node, left, scope)
    right = feel.value(node.right, scope)
    found = holds(node.sign, left, right) if node.sign in COMPARING else ARITHMETIC[node.sign](left, right)
    if found is None and left is not None and right is not None:
        feel.null(node, f"'{node.sign}' does not fit between these values.")
    return found


def _logic(feel: Interpreter, node: nodes.Binary, left: Any, scope: Scope) -> bool | None:
    deciding = node.sign == "or"
    if left is deciding:
        return deciding
    right = feel.value(node.right, scope)
    if right is deciding:
        return deciding
    return not deciding if left is right is (not deciding) else None


def _negate(feel: Interpreter, node: nodes.Negate, scope: Scope) -> Any:
    found = arithmetic.negate(feel.value(node.value, scope))
    return found if found is not None else feel.null(node, "Only numbers and durations have an opposite.")


def _between(feel: Interpreter, node: nodes.Between, scope: Scope) -> bool | None:
    value, low, high = (feel.value(part, scope) for part in (node.value, node.low, node.high))
    above, below = holds(">=", value, low), holds("<=", value, high)
    if above is False or below is False:
        # Outside is outside only if both ends could be compared with.
        return False if above is not None and below is not None else None
    return True if above and below else None


def _span(feel: Interpreter, node: nodes.Span, scope: Scope) -> Range | None:
    low, high = feel.value(node.low, scope), feel.value(node.high, scope)
    if low is None or high is None:
        return feel.null(node, "An end of this range is not known.")
    if holds("<=", low, high) is None:
        return feel.null(node, "The ends of this range are not of one kind.")
    return Range(low, high, node.with_low, node.with_high)


def _if(feel: Interpreter, node: nodes.If, scope: Scope) -> Any:
    chosen = node.then if feel.value(node.condition, scope) is True else node.otherwise
    return feel.value(chosen, scope)


def _items(feel: Interpreter, node: nodes.Items, scope: Scope) -> list[Any]:
    return [feel.value(item, scope) for item in node.items]


def _context(feel: Interpreter, node: nodes.Context, scope: Scope) -> dict[str, Any] | None:
    made: dict[str, Any] = {}
    inner = Scope(made, scope)
    for name, entry in node.entries:
        if name in made:
            return feel.null(node, "Two entries have the same name.")
        made[name] = feel.value(entry, inner)
    return made


def _function(feel: Interpreter, node: nodes.Function, scope: Scope) -> Callee | None:
    if node.external:
        return feel.null(node, "Functions outside FEEL are not called.")
    names = tuple(name for name, _type in node.parameters)

    def run(*given: Any) -> Any:
        return feel.value(node.body, Scope(dict(zip(names, given, strict=True)), scope))

    return Callee("function", names, run, types=tuple(kind for _name, kind in node.parameters))


def _instance(feel: Interpreter, node: nodes.InstanceOf, scope: Scope) -> bool | None:
    found = is_instance(feel.value(node.value, scope), node.type, feel.types)
    return found if found is not None else feel.null(node.type, "No type has this name.")


HANDLERS: dict[type[nodes.Node], Callable[[Interpreter, Any, Scope], Any]] = {
    nodes.Literal: _literal,
    nodes.At: _at,
    nodes.Name: _name,
    nodes.Path: parts.path,
    nodes.Filter: parts.filtered,
    nodes.Call: calls.call,
    nodes.Binary: _binary,
    nodes.Negate: _negate,
    nodes.Between: _between,
    nodes.In: testing.is_in,
    nodes.Test: testing.as_range,
    nodes.Span: _span,
    nodes.If: _if,
    nodes.For: loops.for_each,
    nodes.Quantified: loops.quantified,
    nodes.Function: _function,
    nodes.Items: _items,
    nodes.Context: _context,
    nodes.InstanceOf: _instance,
}

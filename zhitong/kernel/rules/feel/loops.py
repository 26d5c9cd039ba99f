"""Values for each turn of a loop, and conditions for some or all."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.arithmetic import add
from zhitong.kernel.rules.feel.compare import order
from zhitong.kernel.rules.feel.dates import DAY, NANO, Date
from zhitong.kernel.rules.feel.durations import DayTime
from zhitong.kernel.rules.feel.scope import MOST_ITEMS, EvaluationError, Scope
from zhitong.kernel.rules.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.kernel.rules.feel.interpret import Interpreter
    from zhitong.kernel.rules.lang import nodes

MOST_NUMBER = Decimal(10) ** 15
ONE_DAY = DayTime(DAY * NANO)


class NoLoopError(Exception):
    """What should be gone through is no list and no range."""


def for_each(feel: Interpreter, node: nodes.For, scope: Scope) -> list[Any] | None:
    """The value of the body for each turn; `partial` is what was made so far."""
    made: list[Any] = []
    try:
        for turn in _turns(feel, node.turns, Scope({"partial": made}, scope)):
            made.append(feel.value(node.body, turn))
            if len(made) > MOST_ITEMS:
                message = f"A list would have more than {MOST_ITEMS} items."
                raise EvaluationError(message)
    except NoLoopError:
        return feel.null(node, "Only lists, and ranges of numbers or days, can be gone through.")
    return made


def quantified(feel: Interpreter, node: nodes.Quantified, scope: Scope) -> bool | None:
    """Whether the condition holds for some or for every turn, with three values."""
    found: bool | None = node.every
    try:
        for turn in _turns(feel, node.turns, scope):
            said = feel.value(node.condition, turn)
            if said is (not node.every):
                return said
            if not isinstance(said, bool):
                found = None
    except NoLoopError:
        return feel.null(node, "Only lists, and ranges of numbers or days, can be gone through.")
    return found


def _turns(feel: Interpreter, turns: tuple[nodes.Turn, ...], scope: Scope) -> Iterator[Scope]:
    if not turns:
        yield scope
        return
    first, *rest = turns
    for value in _gone_through(feel, first, scope):
        yield from _turns(feel, tuple(rest), Scope({first.name: value}, scope))


def _gone_through(feel: Interpreter, turn: nodes.Turn, scope: Scope) -> Iterator[Any]:
    source = feel.value(turn.source, scope)
    if turn.until is not None:
        yield from _steps(source, feel.value(turn.until, scope))
    elif isinstance(source, Range):
        yield from _inside(source)
    elif isinstance(source, list):
        yield from source
    elif source is None:
        raise NoLoopError
    else:
        yield source


def _inside(span: Range) -> Iterator[Any]:
    for value in _steps(span.low, span.high):
        first, last = order(value, span.low) == 0, order(value, span.high) == 0
        if not (first and not span.with_low) and not (last and not span.with_high):
            yield value


def _is_whole(value: Any) -> bool:
    return isinstance(value, Decimal) and value == value.to_integral_value() and abs(value) < MOST_NUMBER


def _steps(low: Any, high: Any) -> Iterator[Any]:
    """From one whole number or day to another, both included, up or down."""
    whole = _is_whole(low) and _is_whole(high)
    if not whole and not (isinstance(low, Date) and isinstance(high, Date)):
        raise NoLoopError
    up = (order(low, high) or 0) <= 0
    step: Any = (Decimal(1) if up else Decimal(-1)) if whole else (ONE_DAY if up else DayTime(-ONE_DAY.nanos))
    value = low
    while value is not None and order(value, high) in ({-1, 0} if up else {1, 0}):
        yield value
        value = add(value, step)

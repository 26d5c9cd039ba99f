"""Conditions worked out for one firm, straight from their trees with exact fractions.

This is the reference: it knows nothing of what is compiled, and all that is worked out by columns has to say
the same. It is also how conditions are worked out whose numbers fit into no column.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.facts.dictionary import EPOCH, NUMERIC, Kind
from zhitong.kernel.rules.feel.arithmetic import later
from zhitong.kernel.rules.feel.dates import DAY, NANO, Date, date_at, read_date
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.feel.literals import at_literal, number
from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.policy.words import FUNCTIONS, TODAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from zhitong.kernel.rules.facts.dictionary import Dictionary, Fact


class Unknown:
    """The value of what is not known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()
NULL = object()


def facts_of(tree: nodes.Node, dictionary: Dictionary) -> tuple[Fact, ...]:
    """Return the facts that a tree reads, each once, in the order of the text."""
    found: dict[str, Fact] = {}
    waiting = [tree]
    while waiting:
        here = waiting.pop()
        if isinstance(here, nodes.Name) and here.name in dictionary.by_name:
            fact = dictionary.by_name[here.name]
            found[fact.name] = fact
        waiting.extend(reversed(list(nodes.children(here))))
    return tuple(found.values())


@dataclass(slots=True)
class Row:
    """The facts of one firm, as they are kept, asked as of a day."""

    dictionary: Dictionary
    facts: Mapping[str, Any]
    today: date

    def holds(self, tree: nodes.Node) -> bool | None:
        """Return whether a condition holds; None where it is unknown."""
        found = self.value(tree)
        return found if isinstance(found, bool) else None

    def value(self, node: nodes.Node) -> Any:
        """Return the value of a node, or UNKNOWN."""
        return VALUES[type(node)](self, node)

    def fact(self, name: str) -> Fact:
        """Return the fact of a name, which the checker has found before."""
        return self.dictionary.by_name[name]


def _literal(row: Row, node: nodes.Literal) -> Any:
    del row
    if node.value is None:
        return NULL
    return Fraction(number(node)) if not isinstance(node.value, (bool, str)) else node.value


def _at(row: Row, node: nodes.At) -> Any:
    del row
    return at_literal(node.text)


def day_at(number_: int) -> Any:
    """Return the day so many days after 1970-01-01."""
    return date_at(FIRST + number_)


FIRST = Date(EPOCH.year, EPOCH.month, EPOCH.day).ordinal


def _name(row: Row, node: nodes.Name) -> Any:
    if node.name in TODAY:
        return Date(row.today.year, row.today.month, row.today.day)
    fact = row.fact(node.name)
    kept = row.facts.get(fact.name)
    if kept is None:
        return UNKNOWN
    if fact.kind in NUMERIC:
        return Fraction(kept, fact.scale)
    return day_at(kept) if fact.kind is Kind.DAY else kept


def _binary(row: Row, node: nodes.Binary) -> Any:
    if node.sign in {"and", "or"}:
        return _logic(row, node)
    spine = [node]
    while isinstance(spine[-1].left, nodes.Binary) and spine[-1].left.sign not in {"and", "or"}:
        spine.append(spine[-1].left)
    found = row.value(spine[-1].left)
    for piece in reversed(spine):
        found = SIGNS[piece.sign](found, row.value(piece.right))
    return found


def _logic(row: Row, node: nodes.Binary) -> Any:
    deciding, unknown = node.sign == "or", False
    parts: list[nodes.Node] = []
    here: nodes.Node = node
    while isinstance(here, nodes.Binary) and here.sign == node.sign:
        parts.append(here.right)
        here = here.left
    for part in (here, *reversed(parts)):
        found = row.value(part)
        if found is deciding:
            return deciding
        unknown = unknown or found is UNKNOWN
    return UNKNOWN if unknown else not deciding


def _lifted(do: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """What is done with something unknown is unknown."""
    return lambda left, right: UNKNOWN if left is UNKNOWN or right is UNKNOWN else do(left, right)


def _same(left: Any, right: Any) -> Any:
    if left is NULL or right is NULL:
        return (UNKNOWN if right is NULL else right) is UNKNOWN if left is NULL else left is UNKNOWN
    return UNKNOWN if left is UNKNOWN or right is UNKNOWN else left == right


def _other(left: Any, right: Any) -> Any:
    found = _same(left, right)
    return UNKNOWN if found is UNKNOWN else not found


def _plus(left: Any, right: Any, sign: int = 1) -> Any:
    if not isinstance(left, Date):
        return left + sign * right
    if isinstance(right, YearMonth):
        return later(left, sign * right.months) or UNKNOWN
    return date_at(left.ordinal + sign * (right.nanos // (DAY * NANO))) or UNKNOWN


def _number_of(value: Any) -> Any:
    return value.ordinal if isinstance(value, Date) else value


def _compared(do: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    return _lifted(lambda left, right: do(_number_of(left), _number_of(right)))


SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": lambda a, b: _same(_number_of(a), _number_of(b)),
    "!=": lambda a, b: _other(_number_of(a), _number_of(b)),
    "<": _compared(lambda a, b: a < b),
    "<=": _compared(lambda a, b: a <= b),
    ">": _compared(lambda a, b: a > b),
    ">=": _compared(lambda a, b: a >= b),
    "+": _lifted(_plus),
    "-": _lifted(lambda a, b: _plus(a, b, -1)),
    "*": _lifted(lambda a, b: a * b),
    "/": _lifted(lambda a, b: a / b if b else UNKNOWN),
}


def _negate(row: Row, node: nodes.Negate) -> Any:
    found = row.value(node.value)
    if isinstance(found, DayTime):
        return DayTime(-found.nanos)
    if isinstance(found, YearMonth):
        return YearMonth(-found.months)
    return found if found is UNKNOWN else -found


def _all(found: list[Any]) -> Any:
    if any(one is False for one in found):
        return False
    return UNKNOWN if any(one is UNKNOWN for one in found) else True


def _some(found: list[Any]) -> Any:
    if any(one is True for one in found):
        return True
    return UNKNOWN if any(one is UNKNOWN for one in found) else False


def _between(row: Row, node: nodes.Between) -> Any:
    value, low, high = (row.value(part) for part in (node.value, node.low, node.high))
    return _all([SIGNS[">="](value, low), SIGNS["<="](value, high)])


def _in(row: Row, node: nodes.In) -> Any:
    value = row.value(node.value)
    tests: list[nodes.Node] = []
    for test in node.tests.tests:
        tests.extend(test.items if isinstance(test, nodes.Items) else [test])
    return _some([_passes(row, value, test) for test in tests])


def _passes(row: Row, value: Any, test: nodes.Node) -> Any:
    if isinstance(test, nodes.Test):
        return SIGNS[test.sign](value, row.value(test.value))
    if isinstance(test, nodes.Span):
        low = SIGNS[">=" if test.with_low else ">"](value, row.value(test.low))
        return _all([low, SIGNS["<=" if test.with_high else "<"](value, row.value(test.high))])
    return SIGNS["="](value, row.value(test))


def _if(row: Row, node: nodes.If) -> Any:
    test = row.value(node.condition)
    return UNKNOWN if test is UNKNOWN else row.value(node.then if test else node.otherwise)


# ---------------------------------------------------------------- functions


def _call(row: Row, node: nodes.Call) -> Any:
    assert isinstance(node.function, nodes.Name)  # noqa: S101 - the checker let nothing else through
    name = FUNCTIONS[node.function.name]
    listed = [
        item for part in node.arguments for item in (part.items if isinstance(part, nodes.Items) else [part])
    ]
    return CALLS[name]([row.value(item) for item in listed])


def _at_least(values: list[Any]) -> Any:
    number, *tests = values
    holding, unknown = sum(one is True for one in tests), sum(one is UNKNOWN for one in tests)
    if holding >= number:
        return True
    return UNKNOWN if holding + unknown >= number else False


def full_years(since: Date, until: Date) -> int:
    """Return the full years from one day to another; before the anniversary one less."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def _years(values: list[Any]) -> Any:
    since, until = values
    if since is UNKNOWN or until is UNKNOWN:
        return UNKNOWN
    return Fraction(full_years(since, until))


def _of_known(do: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    return lambda values: UNKNOWN if any(value is UNKNOWN for value in values) else do(values)


CALLS: dict[str, Callable[[list[Any]], Any]] = {
    "reported": lambda values: values[0] is not UNKNOWN,
    "default": lambda values: values[1] if values[0] is UNKNOWN else values[0],
    "at least": _at_least,
    "years": _years,
    "min": _of_known(min),
    "max": _of_known(max),
    "abs": _of_known(lambda values: abs(values[0])),
    "not": _of_known(lambda values: not values[0]),
    "date": lambda values: read_date(values[0]),
}
VALUES: dict[type[nodes.Node], Callable[[Row, Any], Any]] = {
    nodes.Literal: _literal,
    nodes.At: _at,
    nodes.Name: _name,
    nodes.Binary: _binary,
    nodes.Negate: _negate,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.If: _if,
    nodes.Call: _call,
}

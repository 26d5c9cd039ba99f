"""Functions of lists. What takes a list takes its items one by one as well."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.arithmetic import add, divide, multiply
from zhitong.kernel.rules.feel.builtins.signatures import Table
from zhitong.kernel.rules.feel.builtins.strings import place
from zhitong.kernel.rules.feel.compare import equal, order
from zhitong.kernel.rules.feel.scope import MOST_ITEMS, EvaluationError
from zhitong.kernel.rules.feel.values import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = Table()


def _of_items(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function of one list known, with the list or with its items as arguments."""

    def known(run: Callable[..., Any]) -> Callable[..., Any]:
        TABLE.add(name, "list: list")(run)
        TABLE.add(name, "...list")(run)
        return run

    return known


def same(left: Any, right: Any) -> bool:
    """Whether two items are the same one."""
    return equal(left, right) is True


@TABLE.add("list contains", "list: list", "element")
def _contains(feel: Any, items: list[Any], element: Any) -> bool:
    del feel
    return any(same(item, element) for item in items)


@TABLE.add("count", "list: list")
def _count(feel: Any, items: list[Any]) -> Decimal:
    del feel
    return Decimal(len(items))


def _extreme(name: str, sign: int) -> None:
    @_of_items(name)
    def run(feel: Any, items: list[Any]) -> Any:
        del feel
        found = items[0] if items else None
        for item in items[1:]:
            place = order(item, found)
            if place is None:
                return None
            found = item if place == sign else found
        return found if order(found, found) == 0 else None


_extreme("min", -1)
_extreme("max", 1)


def _total(items: list[Any], do: Callable[[Any, Any], Any]) -> Any:
    """All items put together; None for no items and where one does not fit."""
    if not items or any(isinstance(item, str) for item in items):
        return None
    found = items[0]
    for item in items[1:]:
        found = do(found, item)
        if found is None:
            return None
    return found


@_of_items("sum")
def _sum(feel: Any, items: list[Any]) -> Any:
    del feel
    found = _total(items, add)
    return found if found is not None and add(found, found) is not None else None


@_of_items("mean")
def _mean(feel: Any, items: list[Any]) -> Any:
    return divide(_sum(feel, items), Decimal(len(items))) if items else None


@_of_items("product")
def _product(feel: Any, items: list[Any]) -> Decimal | None:
    del feel
    return _total(items, multiply) if all(isinstance(item, Decimal) for item in items) else None


@_of_items("median")
def _median(feel: Any, items: list[Any]) -> Decimal | None:
    del feel
    if not items or not all(isinstance(item, Decimal) for item in items):
        return None
    ranked, half = sorted(items), len(items) // 2
    return ranked[half] if len(items) % 2 else divide(add(ranked[half - 1], ranked[half]), Decimal(2))


@_of_items("stddev")
def _stddev(feel: Any, items: list[Any]) -> Decimal | None:
    """Of a sample: divided by one less than there are items."""
    if len(items) < 2 or not all(isinstance(item, Decimal) for item in items):  # noqa: PLR2004
        return None
    mean = _mean(feel, items)
    try:
        squares = [NUMBERS.power(NUMBERS.subtract(item, mean), Decimal(2)) for item in items]
        total = squares[0]
        for square in squares[1:]:
            total = NUMBERS.add(total, square)
        return NUMBERS.divide(total, Decimal(len(items) - 1)).sqrt(NUMBERS)
    except DecimalException:
        return None


@_of_items("mode")
def _mode(feel: Any, items: list[Any]) -> list[Decimal] | None:
    del feel
    if not all(isinstance(item, Decimal) for item in items):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _conjunction(name: str, *, deciding: bool) -> None:
    @_of_items(name)
    def run(feel: Any, items: list[Any]) -> bool | None:
        del feel
        if any(item is deciding for item in items):
            return deciding
        return not deciding if all(item is (not deciding) for item in items) else None


_conjunction("all", deciding=False)
_conjunction("any", deciding=True)


@TABLE.add("sublist", "list: list", "start position: number", "length?: number?")
def _sublist(feel: Any, items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    del feel
    begin = place(start, len(items))
    if begin is None or (length is not None and length < 0):
        return None
    return items[begin:] if length is None else items[begin : begin + int(length)]


@TABLE.add("append", "list: list", "...items")
def _append(feel: Any, items: list[Any], more: list[Any]) -> list[Any]:
    del feel
    return _all_items([items, [*more]])


def _all_items(lists: list[Any]) -> list[Any]:
    if sum(len(given) if isinstance(given, list) else 1 for given in lists) > MOST_ITEMS:
        message = f"A list would have more than {MOST_ITEMS} items."
        raise EvaluationError(message)
    return [item for given in lists for item in (given if isinstance(given, list) else [given])]


@TABLE.add("concatenate", "...lists")
def _concatenate(feel: Any, lists: list[Any]) -> list[Any]:
    del feel
    return _all_items(lists)


@TABLE.add("insert before", "list: list", "position: number", "newItem")
def _insert(feel: Any, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    del feel
    at = place(position, len(items))
    return None if at is None else [*items[:at], item, *items[at:]]


@TABLE.add("remove", "list: list", "position: number")
def _remove(feel: Any, items: list[Any], position: Decimal) -> list[Any] | None:
    del feel
    at = place(position, len(items))
    return None if at is None else [*items[:at], *items[at + 1 :]]


@TABLE.add("list replace", "list: list", "position: number", "newItem")
def _put(feel: Any, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    del feel
    at = None if position != position.to_integral_value() else place(position, len(items))
    return None if at is None else [*items[:at], item, *items[at + 1 :]]


@TABLE.add("list replace", "list: list", "match: function", "newItem")
def _put_matching(feel: Any, items: list[Any], match: Any, item: Any) -> list[Any] | None:
    """The new item stands for each old one for which the function of both says so."""
    if len(getattr(match, "parameters", ("", ""))) != 2:  # noqa: PLR2004 - old and new
        return None
    said = [feel.apply(match, old, item) for old in items]
    if not all(isinstance(one, bool) for one in said):
        return None
    return [item if one else old for one, old in zip(said, items, strict=True)]


@TABLE.add("reverse", "list: list")
def _reverse(feel: Any, items: list[Any]) -> list[Any]:
    del feel
    return items[::-1]


@TABLE.add("index of", "list: list", "match")
def _index(feel: Any, items: list[Any], match: Any) -> list[Decimal]:
    del feel
    return [Decimal(number) for number, item in enumerate(items, start=1) if same(item, match)]


def _distinct(items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if not any(same(item, known) for known in found):
            found.append(item)
    return found


@TABLE.add("distinct values", "list: list")
def _distinct_values(feel: Any, items: list[Any]) -> list[Any]:
    del feel
    return _distinct(items)


@TABLE.add("union", "...lists")
def _union(feel: Any, lists: list[Any]) -> list[Any]:
    del feel
    return _distinct(_all_items(lists))


@TABLE.add("flatten", "list: list")
def _flatten(feel: Any, items: list[Any]) -> list[Any]:
    """Lists in lists become one; a list of lists a thousand deep is walked, not climbed."""
    del feel
    found: list[Any] = []
    waiting = items[::-1]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        else:
            found.append(item)
    return found

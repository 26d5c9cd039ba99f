"""How points and ranges lie to one another (DMN 1.5, table 78; Allen's interval algebra)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.builtins.signatures import Table
from zhitong.kernel.rules.feel.compare import order
from zhitong.kernel.rules.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = Table()


class NoOrderError(Exception):
    """Two ends have no order."""


def _order(one: Any, other: Any) -> int:
    found = order(one, other)
    if found is None:
        raise NoOrderError
    return found


def _as_range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _before(a: Range, b: Range) -> bool:
    place = _order(a.high, b.low)
    return place < 0 or (place == 0 and not (a.with_high and b.with_low))


def _meets(a: Range, b: Range) -> bool:
    return a.with_high and b.with_low and _order(a.high, b.low) == 0


def _low_first(a: Range, b: Range, *, same: bool = False) -> bool:
    """Whether one begins before the other."""
    place = _order(a.low, b.low)
    if place == 0:
        return (a.with_low and not b.with_low) or (same and a.with_low == b.with_low)
    return place < 0


def _high_first(a: Range, b: Range, *, same: bool = False) -> bool:
    """Whether one ends before the other."""
    place = _order(a.high, b.high)
    if place == 0:
        return (not a.with_high and b.with_high) or (same and a.with_high == b.with_high)
    return place < 0


def _apart(a: Range, b: Range) -> bool:
    return _before(a, b) or _before(b, a)


def _includes(a: Range, b: Range) -> bool:
    return _low_first(a, b, same=True) and _high_first(b, a, same=True)


def _starts(a: Range, b: Range) -> bool:
    same = _order(a.low, b.low) == 0 and a.with_low == b.with_low
    return same and _high_first(a, b, same=True)


def _finishes(a: Range, b: Range) -> bool:
    same = _order(a.high, b.high) == 0 and a.with_high == b.with_high
    return same and _low_first(b, a, same=True)


def _same(a: Range, b: Range) -> bool:
    low, high = _order(a.low, b.low) == 0, _order(a.high, b.high) == 0
    return low and high and (a.with_low, a.with_high) == (b.with_low, b.with_high)


def _swapped(test: Callable[[Range, Range], bool]) -> Callable[[Range, Range], bool]:
    return lambda a, b: test(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    end = _order(a.high, b.high)
    return (
        not _apart(a, b) and _low_first(a, b) and (end < 0 or (end == 0 and (not a.with_high or b.with_high)))
    )


def _overlaps_after(a: Range, b: Range) -> bool:
    end = _order(b.high, a.high)
    return (
        not _apart(a, b) and _low_first(b, a) and (end < 0 or (end == 0 and (not b.with_high or a.with_high)))
    )


TESTS: dict[str, tuple[str, Callable[[Range, Range], bool]]] = {
    "before": ("any any", _before),
    "after": ("any any", _swapped(_before)),
    "meets": ("range range", _meets),
    "met by": ("range range", _swapped(_meets)),
    "overlaps": ("range range", lambda a, b: not _apart(a, b)),
    "overlaps before": ("range range", _overlaps_before),
    "overlaps after": ("range range", _overlaps_after),
    "finishes": ("any range", _finishes),
    "finished by": ("range any", _swapped(_finishes)),
    "includes": ("range any", _includes),
    "during": ("any range", _swapped(_includes)),
    "starts": ("any range", _starts),
    "started by": ("range any", _swapped(_starts)),
    "coincides": ("any any", _same),
}


def _known(name: str, takes: str, test: Callable[[Range, Range], bool]) -> None:
    first, second = takes.split()
    names = {"range": "range: range", "any": "point"}
    given = (
        names[first].replace(":", "1:") if first == "range" else "point1",
        names[second].replace(":", "2:"),
    )

    def run(feel: Any, one: Any, other: Any) -> bool | None:
        del feel
        if one is None or other is None:
            return None
        try:
            return test(_as_range(one), _as_range(other))
        except NoOrderError:
            return None

    TABLE.add(name, *given)(run)


for _name, (_takes, _test) in TESTS.items():
    _known(_name, _takes, _test)


@TABLE.add("range", "from: string")
def _range(feel: Any, text: str) -> Range | None:
    """A range as it is written, with ends that are written out."""
    return feel.range_of(text)

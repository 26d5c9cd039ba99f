"""Parts of values by name, and items of lists by place or condition."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.dates import DAY, NANO, Date, Moment, Time, offset_of
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.feel.scope import Scope
from zhitong.kernel.rules.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Callable

    from zhitong.kernel.rules.feel.interpret import Interpreter
    from zhitong.kernel.rules.lang import nodes


def path(feel: Interpreter, node: nodes.Path, scope: Scope) -> Any:
    """The part of a value that has a name; of a list, the part of each item."""
    base = feel.value(node.base, scope)
    if isinstance(base, list):
        return [part(item, node.name) for item in base]
    if base is None:
        return None
    found = part(base, node.name)
    if found is None and not (isinstance(base, dict) and node.name in base):
        feel.null(node, "This value has no part of this name.")
    return found


def part(value: Any, name: str) -> Any:
    """Return a part of a value; None where it has none of this name."""
    if isinstance(value, dict):
        return value.get(name)
    read = PARTS.get(type(value), {}).get(name)
    return read(value) if read is not None else None


def _offset(value: Time | Moment) -> DayTime | None:
    time, date = (value.time, value.date) if isinstance(value, Moment) else (value, None)
    offset = offset_of(time, date)
    return DayTime(offset * NANO) if offset is not None else None


def _zone(value: Time | Moment) -> str | None:
    zone = (value.time if isinstance(value, Moment) else value).zone
    return zone.name or None if zone is not None else None


def _share(unit: int, of: int | None = None) -> Callable[[DayTime], Decimal]:
    """Whole units of a duration, of those that do not make up the next larger unit; with its sign."""

    def read(value: DayTime) -> Decimal:
        whole = abs(value.nanos) // NANO // unit
        count = whole % of if of else whole
        return Decimal(-count if value.nanos < 0 else count)

    return read


def _months(*, years: bool) -> Callable[[YearMonth], Decimal]:
    def read(value: YearMonth) -> Decimal:
        count = divmod(abs(value.months), 12)[0 if years else 1]
        return Decimal(-count if value.months < 0 else count)

    return read


OF_DATE: dict[str, Callable[[Any], Any]] = {
    "year": lambda value: Decimal(value.year),
    "month": lambda value: Decimal(value.month),
    "day": lambda value: Decimal(value.day),
    "weekday": lambda value: Decimal(value.weekday),
}
OF_TIME: dict[str, Callable[[Any], Any]] = {
    "hour": lambda value: Decimal(value.seconds // 3600),
    "minute": lambda value: Decimal(value.seconds // 60 % 60),
    "second": lambda value: Decimal(value.seconds % 60),
    "time offset": _offset,
    "timezone": _zone,
}
PARTS: dict[type, dict[str, Callable[[Any], Any]]] = {
    Date: OF_DATE,
    Time: OF_TIME,
    Moment: {
        **{name: lambda value, read=read: read(value.date) for name, read in OF_DATE.items()},
        **{name: lambda value, read=read: read(value.time) for name, read in list(OF_TIME.items())[:3]},
        "time offset": _offset,
        "timezone": _zone,
    },
    DayTime: {
        "days": _share(DAY),
        "hours": _share(3600, 24),
        "minutes": _share(60, 60),
        "seconds": _share(1, 60),
    },
    YearMonth: {"years": _months(years=True), "months": _months(years=False)},
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.with_low,
        "end included": lambda value: value.with_high,
    },
}
PART_NAMES = frozenset(name for names in PARTS.values() for name in names)


def filtered(feel: Interpreter, node: nodes.Filter, scope: Scope) -> Any:
    """The item at a place, or all items for which a condition holds; one value is a list of itself."""
    base = feel.value(node.base, scope)
    items = base if isinstance(base, list) else [] if base is None else [base]
    kept: list[Any] = []
    for number, item in enumerate(items or [None]):
        said = feel.value(node.condition, _inside(item, scope))
        if number == 0 and isinstance(said, Decimal):
            return _at(feel, node, items, said)
        if said is True and items:
            kept.append(item)
        elif not isinstance(said, bool) and said is not None:
            return feel.null(node.condition, "A filter is a condition or a place.")
    return kept


def _inside(item: Any, scope: Scope) -> Scope:
    parts = {"item": item}
    if isinstance(item, dict):
        parts |= item
    return Scope(parts, scope)


def _at(feel: Interpreter, node: nodes.Filter, items: list[Any], place: Decimal) -> Any:
    number = int(place) if place == place.to_integral_value() and abs(place) <= len(items) else 0
    if number == 0:
        return feel.null(node.condition, "The list has no item at this place.")
    return items[number - 1 if number > 0 else number]

"""Values that are written as they are."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.dates import read_date, read_moment, read_time
from zhitong.kernel.rules.feel.durations import read_duration
from zhitong.kernel.rules.feel.values import NUMBERS

if TYPE_CHECKING:
    from zhitong.kernel.rules.lang.nodes import Literal

TIMES = {"%": Decimal("0.01"), "\u4ebf": Decimal(10**8), "\u4e07": Decimal(10**4)}


def number(node: Literal) -> Any:
    """Return the value of a literal, None beyond all numbers; `%` and the like multiply, yuan does not."""
    value = node.value
    if not isinstance(value, Decimal):
        return value
    try:
        for sign in node.unit:
            value = NUMBERS.multiply(value, TIMES.get(sign, Decimal(1)))
        return NUMBERS.plus(value)
    except DecimalException:
        return None


def at_literal(text: str) -> Any:
    """Return the date, time, moment or duration of a text by its form; None where it has none."""
    for read in (read_date, read_moment, read_time, read_duration):
        found = read(text)
        if found is not None:
            return found
    return None

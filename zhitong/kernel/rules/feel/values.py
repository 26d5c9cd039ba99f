"""The kinds of FEEL values.

| FEEL | here |
|---|---|
| number | Decimal, 34 digits, rounded half to even |
| string, boolean, null | str, bool, None |
| date, time, date and time | Date, Time, Moment |
| days and time duration, years and months duration | DayTime, YearMonth |
| list, context | list, dict |
| range | Range |
| function | Callee |
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, Overflow
from typing import Any

from zhitong.kernel.rules.feel.dates import Date, Moment, Time
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth

NUMBERS = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, Overflow]
)


@dataclass(frozen=True, slots=True)
class Range:
    """All values between two; an end that is not there is None with `open_low` or `open_high`.

    `sign` is set where the range was written as a comparison (`< 5`): such a range equals only its like.
    """

    low: Any
    high: Any
    with_low: bool = True
    with_high: bool = True
    sign: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Callee:
    """A function: its parameters by name, and what it does.

    An argument that is not of the type of
    its parameter is null for it; with `strict`, as for decision services, there is no value then.
    """

    name: str
    parameters: tuple[str, ...]
    run: Callable[..., Any] = field(repr=False)
    types: tuple[Any, ...] = ()
    result: Any = None
    strict: bool = False


def kind_of(value: Any) -> str:
    """Return the name of a value's type as FEEL has it."""
    if value is None:
        return "Null"
    found = KINDS.get(type(value))
    if found is None and hasattr(value, "signatures"):  # a function that FEEL has
        return "function"
    if found is None:
        message = f"{type(value).__name__} is no FEEL value."
        raise TypeError(message)
    return found


KINDS = {
    bool: "boolean",
    Decimal: "number",
    str: "string",
    Date: "date",
    Time: "time",
    Moment: "date and time",
    DayTime: "days and time duration",
    YearMonth: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Callee: "function",
}

"""Functions of numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)
from typing import Any

from zhitong.kernel.rules.feel.builtins.signatures import Table
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.feel.values import NUMBERS

TABLE = Table()
SCALES = range(-6111, 6177)
ROUNDED = {
    "floor": (ROUND_FLOOR, False),
    "ceiling": (ROUND_CEILING, False),
    "decimal": (ROUND_HALF_EVEN, True),
    "round up": (ROUND_UP, True),
    "round down": (ROUND_DOWN, True),
    "round half up": (ROUND_HALF_UP, True),
    "round half down": (ROUND_HALF_DOWN, True),
}


def rounded(value: Decimal, scale: Decimal | None, how: str) -> Decimal | None:
    """Return a number with so many digits behind the point; None for a scale that numbers do not have."""
    places = 0 if scale is None else int(scale)
    if places not in SCALES:
        return None
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return value
    try:
        return value.quantize(Decimal(1).scaleb(-places), rounding=how, context=WIDE)
    except DecimalException:
        return None


WIDE = NUMBERS.copy()
WIDE.prec = 7000


def _rounding(name: str, how: str, *, scaled: bool) -> None:
    def run(feel: Any, value: Decimal, scale: Decimal | None = None) -> Decimal | None:
        del feel
        found = rounded(value, scale, how)
        return NUMBERS.plus(found) if found is not None else None

    TABLE.add(name, "n: number", "scale: number" if scaled else "scale?: number")(run)


for _name, (_how, _scaled) in ROUNDED.items():
    _rounding(_name, _how, scaled=_scaled)


@TABLE.add("abs", "n: number|days|months")
def _abs(feel: Any, value: Any) -> Any:
    del feel
    if isinstance(value, DayTime):
        return DayTime(abs(value.nanos))
    return YearMonth(abs(value.months)) if isinstance(value, YearMonth) else abs(value)


@TABLE.add("modulo", "dividend: number", "divisor: number")
def _modulo(feel: Any, dividend: Decimal, divisor: Decimal) -> Decimal | None:
    """The rest has the sign of the divisor."""
    del feel
    if not divisor:
        return None
    try:
        rest = WIDE.remainder(dividend, divisor)
    except DecimalException:
        return None
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else NUMBERS.plus(rest)


def _calculated(name: str, parameter: str) -> None:
    def run(feel: Any, value: Decimal) -> Decimal | None:
        del feel
        try:
            found = {"sqrt": value.sqrt, "log": value.ln, "exp": value.exp}[name](NUMBERS)
        except DecimalException:
            return None
        return found if found.is_finite() else None

    TABLE.add(name, parameter)(run)


for _name in ("sqrt", "log", "exp"):
    _calculated(_name, "number: number")


@TABLE.add("odd", "number: number")
def _odd(feel: Any, value: Decimal) -> bool | None:
    del feel
    whole = value == value.to_integral_value()
    return WIDE.remainder(abs(value), Decimal(2)) == 1 if whole else None


@TABLE.add("even", "number: number")
def _even(feel: Any, value: Decimal) -> bool | None:
    del feel
    whole = value == value.to_integral_value()
    return WIDE.remainder(abs(value), Decimal(2)) == 0 if whole else None

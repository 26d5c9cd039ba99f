"""Values as texts, as FEEL writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhitong.kernel.rules.feel.dates import Date, Moment, Time
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.feel.values import Range

PLAIN = (Date, Time, Moment, DayTime, YearMonth)


def written(value: Any) -> str:
    """Return a value as it would be written in an expression, a date without its at-sign."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Range):
        return _range(value)
    return str(value) if isinstance(value, PLAIN) else "function"


def number(value: Decimal) -> str:
    """Return a number without an exponent and without zeros behind its last digit."""
    said = f"{value:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _key(key: str) -> str:
    return key if key.replace(" ", "").replace("_", "").isalnum() else written(key)


def _range(value: Range) -> str:
    if value.sign:
        return f"{value.sign} {written(value.low if value.low is not None else value.high)}"
    opening, closing = "[" if value.with_low else "(", "]" if value.with_high else ")"
    return f"{opening}{written(value.low)}..{written(value.high)}{closing}"

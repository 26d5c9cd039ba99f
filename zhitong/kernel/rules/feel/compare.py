"""Which values are equal, and which comes before which (DMN 1.5, tables 53 and 54)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhitong.kernel.rules.feel.dates import NANO, Date, Moment, Time, instant
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.feel.values import Range, kind_of

TIMES = (Time, Moment)


def equal(left: Any, right: Any) -> bool | None:
    """Return whether two values are equal; None where their kinds cannot be compared."""
    if left is None or right is None:
        return left is right
    if kind_of(left) != kind_of(right):
        return None
    if isinstance(left, list):
        return len(left) == len(right) and all(
            equal(one, other) is True for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) is True for key in left)
    if isinstance(left, Range):
        return _same_range(left, right)
    if isinstance(left, TIMES):
        (one, zoned), (other, also) = instant(left), instant(right)
        # Equal are hour, minute, second and offset; parts of a second are not compared, as the kit has it.
        return zoned == also and one // NANO == other // NANO
    return bool(left == right)


def _same_range(left: Range, right: Range) -> bool:
    shape = (left.with_low, left.with_high, left.sign) == (right.with_low, right.with_high, right.sign)
    return shape and equal(left.low, right.low) is True and equal(left.high, right.high) is True


def order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 as a value comes before, with or after another; None where they have no order."""
    if left is None or right is None or kind_of(left) != kind_of(right):
        return None
    if isinstance(left, (Decimal, str)):
        return (left > right) - (left < right)
    if isinstance(left, YearMonth):
        return (left.months > right.months) - (left.months < right.months)
    if isinstance(left, DayTime):
        return (left.nanos > right.nanos) - (left.nanos < right.nanos)
    if isinstance(left, (Date, *TIMES)):
        (one, zoned), (other, also) = instant(left), instant(right)
        return (one > other) - (one < other) if zoned == also else None
    return None


def holds(sign: str, left: Any, right: Any) -> bool | None:
    """Return whether a comparison holds; None where it cannot be made."""
    if sign == "=":
        return equal(left, right)
    if sign == "!=":
        same = equal(left, right)
        return None if same is None else not same
    place = order(left, right)
    if place is None:
        return None
    return {"<": place < 0, "<=": place <= 0, ">": place > 0, ">=": place >= 0}[sign]


def contains(span: Range, value: Any) -> bool | None:
    """Return whether a value lies in a range; None where it cannot be compared with its ends."""
    if span.sign in {"=", "!="}:
        return holds(span.sign, value, span.low)
    inside: bool | None = True
    for end, with_it, sign in ((span.low, span.with_low, ">"), (span.high, span.with_high, "<")):
        if end is None:
            continue
        beyond = holds(sign + "=" * with_it, value, end)
        if beyond is None:
            return None
        inside = inside and beyond
    return inside

"""Sums, differences, products, quotients and powers of FEEL values (DMN 1.5, table 55 and following)."""

from __future__ import annotations

from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Any

from zhitong.kernel.rules.feel.dates import (
    DAY,
    MOST_YEAR,
    NANO,
    Date,
    Moment,
    Time,
    Zone,
    date_at,
    date_of,
    days_in,
    instant,
    moment_at,
)
from zhitong.kernel.rules.feel.durations import DayTime, YearMonth
from zhitong.kernel.rules.feel.values import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TEXT = 1_000_000  # signs
MOST_POWER = 100_000  # larger exponents cost time and give no number that a policy needs
MOST_NANOS = (MOST_YEAR + 1) * 366 * DAY * NANO


def add(left: Any, right: Any) -> Any:
    """Return a sum; None where there is none."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right if len(left) + len(right) <= MOST_TEXT else None
    if isinstance(left, (DayTime, YearMonth)) and isinstance(right, (Date, Time, Moment)):
        left, right = right, left
    return _paired(ADD, left, right)


def subtract(left: Any, right: Any) -> Any:
    """Return a difference; None where there is none."""
    if isinstance(left, (Date, Moment)) and isinstance(right, (Date, Moment)):
        return _between(left, right)
    return _paired(SUBTRACT, left, right)


def multiply(left: Any, right: Any) -> Any:
    """Return a product; None where there is none."""
    if isinstance(left, Decimal) and isinstance(right, (DayTime, YearMonth)):
        left, right = right, left
    return _paired(MULTIPLY, left, right)


def divide(left: Any, right: Any) -> Any:
    """Return a quotient; None where there is none, as by zero."""
    return _paired(DIVIDE, left, right)


def power(left: Any, right: Any) -> Any:
    """Return a power; None where there is none."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or abs(right) > MOST_POWER:
        return None
    return _number(NUMBERS.power, left, right)


def negate(value: Any) -> Any:
    """Return a number or duration with the other sign; None for everything else."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    if isinstance(value, DayTime):
        return DayTime(-value.nanos)
    return YearMonth(-value.months) if isinstance(value, YearMonth) else None


def _number(do: Callable[[Decimal, Decimal], Decimal], left: Decimal, right: Decimal) -> Decimal | None:
    try:
        found = do(left, right)
    except DecimalException:
        return None
    return found if found.is_finite() else None


def _paired(table: dict[tuple[type, type], Any], left: Any, right: Any) -> Any:
    do = table.get((type(left), type(right)))
    return do(left, right) if do is not None else None


def later(value: Date | Moment, months: int) -> Any:
    """Return the same day some months later, or the last one of a shorter month."""
    date = value.date if isinstance(value, Moment) else value
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if abs(year) > MOST_YEAR:
        return None
    moved = date_of(year, month + 1, min(date.day, days_in(year, month + 1)))
    return Moment(moved, value.time) if isinstance(value, Moment) and moved is not None else moved


def _moved(value: Any, nanos: int) -> Any:
    """A day, a time or a moment some nanoseconds later; a time goes round the clock."""
    if isinstance(value, Time):
        nanos = (value.nanos + nanos) % (DAY * NANO)
        return Time(nanos // NANO, nanos % NANO, value.zone)
    if isinstance(value, Date):
        # A day is taken as its first moment; only whole days move it, and hours before it the day before.
        return date_at((value.ordinal * DAY * NANO + nanos) // (DAY * NANO))
    return moment_at(value.date.ordinal * DAY * NANO + value.time.nanos + nanos, value.time.zone)


def _between(left: Date | Moment, right: Date | Moment) -> DayTime | None:
    """The time from one to the other; a day is its first moment in UTC."""
    (one, zoned), (other, also) = instant(_first(left)), instant(_first(right))
    return DayTime(one - other) if zoned == also else None


def _first(value: Date | Moment) -> Moment:
    return Moment(value, Time(0, 0, Zone(0))) if isinstance(value, Date) else value


def _times(left: Time, right: Time) -> DayTime | None:
    (one, zoned), (other, also) = instant(left), instant(right)
    return DayTime(one - other) if zoned == also else None


def _scaled(number: Decimal | None) -> int | None:
    return int(number) if number is not None and abs(number) < MOST_NANOS else None


def _days_times(value: DayTime, factor: Decimal) -> DayTime | None:
    nanos = _scaled(_number(NUMBERS.multiply, Decimal(value.nanos), factor))
    return DayTime(nanos) if nanos is not None else None


def _months_times(value: YearMonth, factor: Decimal) -> YearMonth | None:
    months = _scaled(_number(NUMBERS.multiply, Decimal(value.months), factor))
    return YearMonth(months) if months is not None else None


def _days_by(value: DayTime, factor: Decimal) -> DayTime | None:
    nanos = _scaled(_number(NUMBERS.divide, Decimal(value.nanos), factor)) if factor else None
    return DayTime(nanos) if nanos is not None else None


def _months_by(value: YearMonth, factor: Decimal) -> YearMonth | None:
    months = _scaled(_number(NUMBERS.divide, Decimal(value.months), factor)) if factor else None
    return YearMonth(months) if months is not None else None


def _quotient(left: int, right: int) -> Decimal | None:
    return _number(NUMBERS.divide, Decimal(left), Decimal(right)) if right else None


ADD: dict[tuple[type, type], Any] = {
    (Decimal, Decimal): lambda a, b: _number(NUMBERS.add, a, b),
    (DayTime, DayTime): lambda a, b: DayTime(a.nanos + b.nanos),
    (YearMonth, YearMonth): lambda a, b: YearMonth(a.months + b.months),
    (Date, YearMonth): lambda a, b: later(a, b.months),
    (Moment, YearMonth): lambda a, b: later(a, b.months),
    **{(kind, DayTime): lambda a, b: _moved(a, b.nanos) for kind in (Date, Time, Moment)},
}
SUBTRACT: dict[tuple[type, type], Any] = {
    (Decimal, Decimal): lambda a, b: _number(NUMBERS.subtract, a, b),
    (DayTime, DayTime): lambda a, b: DayTime(a.nanos - b.nanos),
    (YearMonth, YearMonth): lambda a, b: YearMonth(a.months - b.months),
    (Time, Time): _times,
    (Date, YearMonth): lambda a, b: later(a, -b.months),
    (Moment, YearMonth): lambda a, b: later(a, -b.months),
    **{(kind, DayTime): lambda a, b: _moved(a, -b.nanos) for kind in (Date, Time, Moment)},
}
MULTIPLY: dict[tuple[type, type], Any] = {
    (Decimal, Decimal): lambda a, b: _number(NUMBERS.multiply, a, b),
    (DayTime, Decimal): _days_times,
    (YearMonth, Decimal): _months_times,
}
DIVIDE: dict[tuple[type, type], Any] = {
    (Decimal, Decimal): lambda a, b: _number(NUMBERS.divide, a, b) if b else None,
    (DayTime, Decimal): _days_by,
    (YearMonth, Decimal): _months_by,
    (DayTime, DayTime): lambda a, b: _quotient(a.nanos, b.nanos),
    (YearMonth, YearMonth): lambda a, b: _quotient(a.months, b.months),
}

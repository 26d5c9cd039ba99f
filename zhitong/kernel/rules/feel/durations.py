"""Durations of FEEL: of days and time, and of years and months; the two do not mix."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zhitong.kernel.rules.feel.dates import DAY, NANO


@dataclass(frozen=True, slots=True)
class DayTime:
    """A duration in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        seconds, nano = divmod(abs(self.nanos), NANO)
        days, rest = divmod(seconds, DAY)
        hours, rest = divmod(rest, 3600)
        minutes, seconds = divmod(rest, 60)
        part = f".{nano:09}".rstrip("0") if nano else ""
        said = f"{seconds}{part}S" if seconds or nano else ""
        time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number) + said
        day = f"{days}D" if days else ""
        body = f"P{day}T{time}" if time else f"P{day}" if day else "PT0S"
        return f"-{body}" if self.nanos < 0 else body


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A duration in months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        body = "".join(f"{number}{unit}" for number, unit in ((years, "Y"), (months, "M")) if number)
        return f"{'-' if self.months < 0 else ''}P{body or '0M'}"


Duration = DayTime | YearMonth
MONTHS = re.compile(r"(-?)P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)
DAYS = re.compile(r"(-?)P(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{0,9})\d*)?S)?)?", re.ASCII)
MOST_DIGITS = 30  # of a text; far more than any duration needs


def read_duration(text: str) -> Duration | None:
    """Return the duration that a text of the form P1Y2M or P1DT2H names, or None."""
    if len(text) > MOST_DIGITS * 4 or text.endswith(("P", "T")):
        return None
    match = MONTHS.fullmatch(text)
    if match is not None:
        sign, years, months = match.groups()
        total = int(years or 0) * 12 + int(months or 0)
        return YearMonth(-total if sign else total)
    match = DAYS.fullmatch(text)
    if match is None:
        return None
    sign, days, _time, hours, minutes, seconds, part = match.groups()
    whole = int(days or 0) * DAY + int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    nanos = whole * NANO + int((part or "").ljust(9, "0"))
    return DayTime(-nanos if sign else nanos)

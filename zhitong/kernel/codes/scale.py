"""Whether a firm is above the designated size of its industry (the "four above" of the statistics)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhitong.kernel.codes.industry import nearest


@dataclass(frozen=True, slots=True)
class Line:
    """The line of some activities: their revenue of a year in 10,000 yuan; none where every firm counts."""

    key: str
    codes: tuple[str, ...]
    revenue: Decimal | None


@dataclass(frozen=True, slots=True)
class Above:
    """The answer with its reason: True, False, or None where it is unknown or no line covers it."""

    above: bool | None
    line: Line | None = None
    missing: tuple[str, ...] = ()


def parse_lines(document: Mapping[str, Any]) -> tuple[Line, ...]:
    """Read the table of lines; ValueError for an activity that two lines claim."""
    lines, seen = [], set()
    for row in document["line"]:
        bound = row.get("revenue")
        lines.append(Line(row["key"], tuple(row["codes"]), None if bound is None else Decimal(str(bound))))
        twice = seen.intersection(row["codes"])
        if twice:
            raise ValueError(f"{row['key']}: {sorted(twice)} stand twice.")
        seen.update(row["codes"])
    return tuple(lines)


def above_designated_size(lines: tuple[Line, ...], activity: str, revenue: Decimal | int | None) -> Above:
    """Compare a year's revenue (10,000 yuan) with the activity's line; the longest fitting code decides."""
    line = nearest(activity, [(code, line) for line in lines for code in line.codes])
    if line is None:
        return Above(None)
    if line.revenue is None:
        return Above(True, line)
    if revenue is None:
        return Above(None, line, ("revenue",))
    return Above(Decimal(revenue) >= line.revenue, line)

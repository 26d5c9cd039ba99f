"""The three rates: response, solution, satisfaction, of valid return visits; exact until they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How many valid return visits there were, and what firms said in them, by grade."""

    valid: int
    contacted: int
    solved: int
    grades: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Rates:
    """Percentages as exact fractions; None where there was no valid return visit.

    `plain` is the satisfaction without weights, the trivial figure beside the weighted one.
    """

    contacted: Fraction | None
    solved: Fraction | None
    satisfied: Fraction | None
    combined: Fraction | None
    plain: Fraction | None


def rates(counts: Counts, table: Mapping[str, Any]) -> Rates:
    """Return the three rates and their weighted mean; `table` has `weight` and `grade` in percent."""
    if not counts.valid:
        return Rates(None, None, None, None, None)
    contacted = share(counts.contacted, counts.valid)
    solved = share(counts.solved, counts.valid)
    points = sum(number * table["grade"][str(grade)] for grade, number in counts.grades.items())
    satisfied = Fraction(points, counts.valid)
    weight = table["weight"]
    combined = (
        contacted * weight["contacted"] + solved * weight["solved"] + satisfied * weight["satisfied"]
    ) / WHOLE
    content = sum(number for grade, number in counts.grades.items() if table["grade"][str(grade)])
    return Rates(contacted, solved, satisfied, combined, share(content, counts.valid))


def share(part: int, base: int) -> Fraction:
    """Return a percentage; the base must not be empty."""
    return Fraction(WHOLE * part, base)


def percent(value: Fraction | None) -> str:
    """Return a percentage with one place, half rounded up; empty where there is none."""
    if value is None:
        return ""
    tenths = int(value * 10 + Fraction(1, 2))
    return f"{tenths // 10}.{tenths % 10}"

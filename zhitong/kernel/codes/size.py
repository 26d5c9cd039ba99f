"""Size classes of enterprises: which bounds of its industry a firm reaches (notice 300 of 2011)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from zhitong.kernel.codes.industry import nearest


class Size(StrEnum):
    """The classes from large to micro, and what stands instead of one."""

    LARGE = "large"
    MEDIUM = "medium"
    SMALL = "small"
    MICRO = "micro"
    NOT_APPLICABLE = "not_applicable"
    UNKNOWN = "unknown"


CLASSES = (Size.LARGE, Size.MEDIUM, Size.SMALL)
MEASURES = ("people", "revenue", "assets")


class StandardError(ValueError):
    """A table of bounds that cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Industry:
    """One line of the standard: which activities it covers, and the bounds of each class.

    `bounds[class][measure]` is a number of people or of 10,000 yuan; a firm has to reach all of a class.
    """

    key: str
    codes: tuple[str, ...]
    bounds: Mapping[Size, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Standard:
    """The whole table: the industries, the activities that it leaves out, and the document it comes from."""

    industries: tuple[Industry, ...]
    not_covered: tuple[str, ...]
    source: str

    def industry_of(self, activity: str) -> Industry | None:
        """Return the line for an activity (a letter and up to four digits); None where there is none."""
        lines = [(code, line) for line in self.industries for code in line.codes]
        return nearest(activity, [*lines, *((code, None) for code in self.not_covered)])


@dataclass(frozen=True, slots=True)
class Classified:
    """A size with its reasons: the line used, what was measured, and what is missing for an answer."""

    size: Size
    industry: str = ""
    reached: Mapping[str, Size] | None = None
    missing: tuple[str, ...] = ()


def classify(standard: Standard, activity: str, measured: Mapping[str, Decimal | int | None]) -> Classified:
    """Return the size of a firm with this main activity; unknown where a measure that decides is missing.

    `measured` holds people, revenue and assets (the last two in 10,000 yuan) as far as they are known.
    """
    line = standard.industry_of(activity)
    if line is None:
        return Classified(Size.NOT_APPLICABLE)
    reached, missing = {}, []
    for measure in line.bounds[Size.SMALL]:
        value = measured.get(measure)
        if value is None:
            missing.append(measure)
        else:
            reached[measure] = _reached(line, measure, Decimal(value))
    lowest = max(reached.values(), key=_rank, default=None)
    if lowest is Size.MICRO or (lowest is not None and not missing):
        # One measure below the smallest bound decides, whatever the others are.
        return Classified(lowest, line.key, reached, tuple(missing))
    return Classified(Size.UNKNOWN, line.key, reached, tuple(missing))


def _reached(line: Industry, measure: str, value: Decimal) -> Size:
    return next((size for size in CLASSES if value >= line.bounds[size][measure]), Size.MICRO)


def _rank(size: Size) -> int:
    return list(Size).index(size)


def parse_standard(document: Mapping[str, Any]) -> Standard:
    """Read a table of bounds; StandardError names the industry and what is wrong with it."""
    industries = tuple(_industry(row) for row in document["industry"])
    claimed: dict[str, str] = {}
    for line in industries:
        for code in line.codes:
            if code in claimed:
                raise StandardError(f"{line.key}: {code} belongs to {claimed[code]} already")
            claimed[code] = line.key
    return Standard(industries, tuple(document.get("not_covered", ())), document["source"])


def _industry(row: Mapping[str, Any]) -> Industry:
    bounds = {size: {name: Decimal(str(value)) for name, value in row[size].items()} for size in CLASSES}
    names = set(bounds[Size.SMALL])
    if not names or names - set(MEASURES):
        raise StandardError(f"{row['key']}: measures are {', '.join(MEASURES)}")
    for size in CLASSES:
        if set(bounds[size]) != names:
            raise StandardError(f"{row['key']}: {size} has other measures than small")
    for name in names:
        steps = [bounds[size][name] for size in CLASSES]
        if steps != sorted(steps, reverse=True) or steps[-1] <= 0:
            raise StandardError(f"{row['key']}: the bounds of {name} do not rise from small to large")
    return Industry(row["key"], tuple(row["codes"]), bounds)

"""Codes of the state and what follows from them: organisations, activities, size classes, designated size."""

from __future__ import annotations

from zhitong.kernel.codes.industry import Activity, ActivityTable, read_activities
from zhitong.kernel.codes.scale import Above, Line, above_designated_size, parse_lines
from zhitong.kernel.codes.size import (
    Classified,
    Industry,
    Size,
    Standard,
    StandardError,
    classify,
    parse_standard,
)
from zhitong.kernel.codes.uscc import (
    ALPHABET,
    Fault,
    Problem,
    check_sign,
    is_valid,
    normalise,
    problem,
    region_of,
)

__all__ = [
    "ALPHABET",
    "Above",
    "Activity",
    "ActivityTable",
    "Classified",
    "Fault",
    "Industry",
    "Line",
    "Problem",
    "Size",
    "Standard",
    "StandardError",
    "above_designated_size",
    "check_sign",
    "classify",
    "is_valid",
    "normalise",
    "parse_lines",
    "parse_standard",
    "problem",
    "read_activities",
    "region_of",
]

"""Tables of the state that firms are described by: activities, size classes, designated size."""

from __future__ import annotations

import csv
from functools import cache

from django.conf import settings

from zhitong.core import data
from zhitong.kernel.codes import ActivityTable, Line, Standard, parse_lines, parse_standard, read_activities

FOLDER = "codes"


@cache
def activities() -> ActivityTable:
    """Return the activities of GB/T 4754-2017."""
    path = settings.DATA_DIR / FOLDER / "gbt4754-2017.csv"
    return read_activities(path.read_text(encoding="utf-8").splitlines())


@cache
def size_standard() -> Standard:
    """Return the bounds of the size classes."""
    return parse_standard(data.read(FOLDER, "size-2011"))


@cache
def scale_lines() -> tuple[Line, ...]:
    """Return the lines of designated size."""
    return parse_lines(data.read(FOLDER, "scale-2011"))


@cache
def streets() -> dict[str, tuple[str, str]]:
    """Return the towns and streets by code: name and district."""
    path = settings.DATA_DIR / FOLDER / "fuzhou-streets.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["name"], row["region"]) for row in csv.DictReader(file)}


@cache
def regions() -> dict[str, dict[str, str]]:
    """Return the districts by code, with their names in both languages."""
    return data.read(FOLDER, "regions")["region"]


def region_label(code: str) -> str:
    """Return a district's name in the reader's language; the code itself where it has none."""
    return data.label(regions()[code]) if code in regions() else code

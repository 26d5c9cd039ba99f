"""Economic activities (GB/T 4754): a letter for the section, then two to four digits."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

T = TypeVar("T")
SECTION = 1  # the level of a letter alone; two digits are level 2 (division), three 3 (group), four 4 (class)


@dataclass(frozen=True, slots=True)
class Activity:
    """One line of the standard: its code with the section's letter (`C3985`) and its name."""

    code: str
    name: str

    @property
    def level(self) -> int:
        """From 1 for a section to 4 for a class."""
        return max(SECTION, len(self.code) - 1)


def nearest(activity: str, lines: Iterable[tuple[str, T]]) -> T | None:
    """Return what the longest code stands for that the activity begins with; exceptions outrank rules."""
    fitting = [(len(code), line) for code, line in lines if activity.startswith(code)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


@dataclass(frozen=True, slots=True)
class ActivityTable:
    """All activities by code; a group that is one class has no line of its own, as in print."""

    by_code: Mapping[str, Activity]
    letters: Mapping[str, str]  # division -> section

    def find(self, text: str) -> Activity | None:
        """Return the activity for a code in any case, with or without its letter; None if there is none."""
        code = text.strip().upper()
        if code[:2].isdigit():
            code = self.letters.get(code[:2], "") + code
        return self.by_code.get(code)

    def path(self, code: str) -> list[Activity]:
        """Return an activity with everything above it, from the section down; empty for an unknown code."""
        if code not in self.by_code:
            return []
        steps = [code[:1], *(code[:end] for end in range(3, len(code) + 1))]
        return [self.by_code[step] for step in steps if step in self.by_code]

    def children(self, code: str = "") -> list[Activity]:
        """Return what stands directly below an activity, or all sections."""
        depth = len(self.path(code)) + 1
        inside = (row for row in self.by_code.values() if row.code.startswith(code))
        return [row for row in inside if len(self.path(row.code)) == depth]


def read_activities(lines: Iterable[str]) -> ActivityTable:
    """Read a csv with the columns code and name; ValueError for a code that is none or stands twice."""
    by_code: dict[str, Activity] = {}
    for row in csv.DictReader(lines):
        code = row["code"]
        letter, digits = code[:1], code[1:]
        right = letter.isalpha() and (not digits or (digits.isdigit() and len(digits) in {2, 3, 4}))
        if not right or code in by_code or (digits and letter not in by_code):
            raise ValueError(f"{code} is no code, stands twice, or stands before its section.")
        by_code[code] = Activity(code, row["name"])
    letters = {code[1:3]: code[0] for code in by_code if len(code) > SECTION}
    return ActivityTable(MappingProxyType(by_code), MappingProxyType(letters))

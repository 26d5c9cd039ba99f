"""What is wrong with a text, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 40  # signs of the offending text that a message repeats


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of a text; lines and columns count from 1, and stand for the text as it was written."""

    file: str
    line: int
    column: int
    text: str
    message: str
    mend: str = ""

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= SHOWN else self.text[: SHOWN - 1] + "\u2026"
        said = f"{self.file}:{self.line}:{self.column}: {self.message}"
        return f"{said} [{shown}] {self.mend}".rstrip()


class RulesError(Exception):
    """Texts that cannot be used, with all their problems in the order of the text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))

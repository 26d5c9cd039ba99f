"""A text with the places of its signs, after full-width signs were made plain."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhitong.kernel.rules.problems import Problem, RulesError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1_000_000  # signs of one expression
# What people type with a Chinese keyboard, and what it means outside a quoted text.
PLAIN = {
    "\u2265": ">=", "\u2264": "<=", "\u2260": "!=", "\uff1e": ">", "\uff1c": "<", "\uff1d": "=",
    "\uff08": "(", "\uff09": ")", "\uff3b": "[", "\uff3d": "]", "\u3010": "[", "\u3011": "]",
    "\uff5b": "{", "\uff5d": "}", "\uff0c": ",", "\uff1a": ":", "\uff1b": ";", "\uff0e": ".",
    "\uff0b": "+", "\uff0d": "-", "\u2212": "-", "\u00d7": "*", "\u00f7": "/", "\uff05": "%",
    "\uff1f": "?", "\uff20": "@", "\u3000": " ", "\u00a0": " ", "\ufeff": " ",
    **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
}  # fmt: skip
QUOTES = {'"': '"', "\u201c": "\u201d", "\uff02": "\uff02"}


@dataclass(frozen=True, slots=True)
class Source:
    """A text of a file; `line` and `column` say where in the file it begins."""

    text: str
    file: str = "<text>"
    line: int = 1
    column: int = 1
    plain: str = field(init=False)
    _origins: tuple[int, ...] = field(init=False, repr=False)
    _lines: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if len(self.text) > MOST:
            head = Problem(
                self.file, self.line, self.column, self.text[:20],
                f"An expression has at most {MOST} signs; this one has {len(self.text)}.",
                "Divide it into several conditions.",
            )  # fmt: skip
            raise RulesError([head])
        pieces = list(_plain(self.text))
        object.__setattr__(self, "plain", "".join(piece for _at, piece in pieces))
        origins = [at for at, piece in pieces for _sign in piece]
        object.__setattr__(self, "_origins", (*origins, len(self.text)))
        breaks = (at + 1 for at, sign in enumerate(self.text) if sign == "\n")
        object.__setattr__(self, "_lines", (0, *breaks))

    def place(self, at: int) -> tuple[int, int]:
        """Return line and column, in the file as it was written, of a sign of the plain text."""
        origin = self._origins[min(at, len(self._origins) - 1)]
        row = bisect_right(self._lines, origin) - 1
        column = origin - self._lines[row]
        return self.line + row, column + (self.column if row == 0 else 1)

    def written(self, begin: int, end: int) -> str:
        """Return a piece of the plain text as it was written."""
        return self.text[self._origins[begin] : self._origins[min(end, len(self._origins) - 1)]]

    def problem(self, begin: int, end: int, message: str, mend: str = "") -> Problem:
        """Return a problem about a piece of the plain text."""
        line, column = self.place(begin)
        return Problem(self.file, line, column, self.written(begin, end), message, mend)


def _plain(text: str) -> Iterator[tuple[int, str]]:
    """Each piece of the plain text with the place of its sign; quoted texts stay as they are."""
    closing, at = "", 0
    while at < len(text):
        sign = text[at]
        if closing:
            if sign == "\\" and at + 1 < len(text):
                yield at, sign
                yield at + 1, text[at + 1]
                at += 2
                continue
            if sign == closing:
                closing, sign = "", '"'
            elif sign == '"':  # inside a text with Chinese quotation marks
                sign = '\\"'
            yield at, sign
        elif text.startswith(("//", "/*"), at):
            end = text.find("\n", at) if text[at + 1] == "/" else text.find("*/", at + 2) + 2
            if end <= at + 1 and text[at + 1] == "*":  # a remark without end is left as it is, and refused
                yield at, "/*"
                at += 2
                continue
            end = len(text) if end <= at + 1 else end
            yield at, " " * (end - at)
            at = end
            continue
        elif sign in QUOTES:
            closing = QUOTES[sign]
            yield at, '"'
        else:
            yield at, PLAIN.get(sign, sign)
        at += 1

"""From a text to its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from zhitong.kernel.rules.problems import RulesError

if TYPE_CHECKING:
    from zhitong.kernel.rules.lang.source import Source

MOST = 200_000  # words of one expression


class Kind(StrEnum):
    """What a word is."""

    NUMBER = "number"
    TEXT = "text"
    AT = "at"  # @"2026-01-01": a date, a time or a duration by its form
    NAME = "name"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """A word and its place in the plain text."""

    kind: Kind
    text: str
    begin: int
    end: int


WORDS = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<number>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<at>@\s*"(?:[^"\\]|\\.)*")
    | (?P<open>/\*)
    | (?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/=<>()\[\]{},:.?%';])
    | (?P<name>[^\W\d]\w*|[\u00a1-\U0010ffff]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(source: Source) -> list[Token]:
    """Return the words of a text, the last one an end; RulesError with every sign that begins no word."""
    found: list[Token] = []
    problems, at, plain = [], 0, source.plain
    while at < len(plain):
        match = WORDS.match(plain, at)
        if match is None or match.lastgroup == "open":
            unclosed = plain[at] in '"@/'
            end = len(plain) if unclosed else at + 1
            problems.append(source.problem(at, end, *(UNCLOSED if unclosed else UNKNOWN)))
            at = end
            continue
        if match.lastgroup != "space":
            found.append(Token(Kind(match.lastgroup), match.group(), at, match.end()))
        at = match.end()
        if len(found) > MOST:
            problems.append(source.problem(0, 20, f"An expression has at most {MOST} words.", "Divide it."))
            break
    if problems:
        raise RulesError(problems)
    return [*found, Token(Kind.END, "", len(plain), len(plain))]


UNKNOWN = (
    "This sign begins nothing that is known here.",
    "Take it out, or put quotation marks around a text.",
)
UNCLOSED = ("This text has no end.", "Put a quotation mark where it ends.")
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{6}|.)", re.DOTALL)
ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def unquoted(text: str) -> str:
    """Return what a quoted text says: its escapes are those of FEEL (DMN 1.5, 10.3.1.2)."""

    def meant(match: re.Match[str]) -> str:
        what = match.group(1)
        if len(what) > 1:
            code = int(what[1:], 16)
            return chr(code) if code <= MOST_SIGN else match.group()
        if what in "\"'\\":
            return what
        return ESCAPED.get(what, match.group())

    said = ESCAPE.sub(meant, text[text.index('"') + 1 : -1])
    # Two halves of one sign, written one after the other, are that sign.
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


MOST_SIGN = 0x10FFFF

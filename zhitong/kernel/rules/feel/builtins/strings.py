"""Functions of texts; places count signs from 1, and from the end below 0."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from zhitong.kernel.rules.feel.builtins.signatures import Table

TABLE = Table()
MOST_PATTERN = 1_000
# Lookarounds, Python's own anchors, possessive repeats, and a class with a number of a group are not XPath's.
REFUSED = re.compile(r"\(\?(?!:)|\\[ABZz]|[*+?]\+|\{[\d,]+\}\+|\\0|\[[^\]]*\\\d")
POINT = re.compile(r"\\.|\[[^\]]*\]|\.", re.DOTALL)  # a sign with a backslash, a class, or a bare point
FLAGS = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE}


def place(start: Decimal, length: int) -> int | None:
    """Return the index from 0 of a place; None where there is none."""
    number = int(start)
    if number == 0 or abs(number) > length:
        return None
    return number - 1 if number > 0 else length + number


@TABLE.add("substring", "string: string", "start position: number", "length?: number?")
def _substring(feel: Any, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    del feel
    begin = place(start, len(text))
    if begin is None or (length is not None and length < 0):
        return None
    return text[begin:] if length is None else text[begin : begin + int(length)]


@TABLE.add("string length", "string: string")
def _length(feel: Any, text: str) -> Decimal:
    del feel
    return Decimal(len(text))


@TABLE.add("upper case", "string: string")
def _upper(feel: Any, text: str) -> str:
    del feel
    return text.upper()


@TABLE.add("lower case", "string: string")
def _lower(feel: Any, text: str) -> str:
    del feel
    return text.lower()


@TABLE.add("substring before", "string: string", "match: string")
def _before(feel: Any, text: str, match: str) -> str:
    del feel
    head, found, _tail = text.partition(match) if match else ("", "", "")
    return head if found else ""


@TABLE.add("substring after", "string: string", "match: string")
def _after(feel: Any, text: str, match: str) -> str:
    del feel
    return text.partition(match)[2] if match else text


@TABLE.add("contains", "string: string", "match: string")
def _contains(feel: Any, text: str, match: str) -> bool:
    del feel
    return match in text


@TABLE.add("starts with", "string: string", "match: string")
def _starts(feel: Any, text: str, match: str) -> bool:
    del feel
    return text.startswith(match)


@TABLE.add("ends with", "string: string", "match: string")
def _ends(feel: Any, text: str, match: str) -> bool:
    del feel
    return text.endswith(match)


@lru_cache(maxsize=500)
def pattern_of(text: str, flags: str = "") -> re.Pattern[str] | None:
    """Return a pattern of XPath as one of Python; None where it is none.

    Both have the same core; what only one of them has is refused. With the flag `x` white space is nothing.
    """
    if len(text) > MOST_PATTERN or set(flags) - FLAGS.keys() - {"q"}:
        return None
    if REFUSED.search(text) and "q" not in flags:
        return None
    if "x" in flags:
        text = re.sub(r"(\[[^\]]*\])|\s+", lambda found: found.group(1) or "", text)
    chosen = re.NOFLAG
    for flag in flags.replace("x", "").replace("q", ""):
        chosen |= FLAGS[flag]
    try:
        return re.compile(re.escape(text) if "q" in flags else _translated(text, flags), chosen)
    except (re.error, RecursionError, OverflowError):
        return None


def _translated(text: str, flags: str) -> str:
    """What XPath writes otherwise: classes subtracted, a point that is no line's end, Latin signs."""
    text = re.sub(r"\[([^\[\]]+)-\[([^\[\]]+)\]\]", r"(?:(?![\2])[\1])", text)
    text = re.sub(r"\\p\{\s*I\s*s\s*B\s*a\s*s\s*i\s*c\s*L\s*a\s*t\s*i\s*n\s*\}", r"[\\x00-\\x7f]", text)
    if "s" in flags:
        return text
    return POINT.sub(lambda found: r"[^\n\r]" if found.group() == "." else found.group(), text)


@TABLE.add("matches", "input: string", "pattern: string", "flags?: string?")
def _matches(feel: Any, text: str, pattern: str, flags: str | None = None) -> bool | None:
    del feel
    found = pattern_of(pattern, flags or "")
    return None if found is None else found.search(text) is not None


@TABLE.add("replace", "input: string", "pattern: string", "replacement: string", "flags?: string?")
def _replace(feel: Any, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    del feel
    found = pattern_of(pattern, flags or "")
    if found is None or found.match("") is not None:
        return None
    if not re.fullmatch(r"(?:[^\\$]|\\[\\$]|\$\d+)*", replacement, re.DOTALL):
        return None

    def groups(match: re.Match[str]) -> str:
        def one(piece: re.Match[str]) -> str:
            if piece.group().startswith("\\"):
                return piece.group()[1:]
            digits = piece.group()[1:]
            while len(digits) > 1 and int(digits) > (found.groups if found else 0):
                digits = digits[:-1]
            number, rest = int(digits), piece.group()[1 + len(digits) :]
            return ((match.group(number) or "") if number <= match.re.groups else "") + rest

        return re.sub(r"\\[\\$]|\$\d+", one, replacement)

    return found.sub(groups, text)


@TABLE.add("split", "string: string", "delimiter: string")
def _split(feel: Any, text: str, delimiter: str) -> list[str] | None:
    del feel
    found = pattern_of(delimiter)
    if found is None or found.match("") is not None:
        return None
    pieces, at = [], 0
    for match in found.finditer(text):
        pieces.append(text[at : match.start()])
        at = match.end()
    return [*pieces, text[at:]]


@TABLE.add("string join", "list: list", "delimiter?: string?")
def _join(feel: Any, items: list[Any], delimiter: str | None = None) -> str | None:
    del feel
    if any(item is not None and not isinstance(item, str) for item in items):
        return None
    return (delimiter or "").join(item for item in items if item is not None)

"""Functions of patterns (XPath and XQuery Functions and Operators 3.1, 5.6)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import regex

from zhitong.kernel.rules.feel.builtins.signatures import Table

TABLE = Table()
MOST_PATTERN = 1_000
# Lookarounds, Python's own anchors, possessive repeats, and a class with a number of a group are not XPath's.
REFUSED = re.compile(r"\(\?(?!:)|\\[ABZz]|[*+?]\+|\{[\d,]+\}\+|\\0|\[[^\]]*\\\d")
POINT = re.compile(r"\\.|\[[^\]]*\]|\.", re.DOTALL)  # a sign with a backslash, a class, or a bare point
FLAGS = {"i": regex.IGNORECASE, "s": regex.DOTALL, "m": regex.MULTILINE, "x": regex.VERBOSE}
LONGEST = 0.5  # seconds for one pattern and one text; some patterns would need years


@lru_cache(maxsize=500)
def pattern_of(text: str, flags: str = "") -> Any:
    """Return a pattern of XPath as one of Python; None where it is none.

    Both have the same core; what only one of them has is refused. With the flag `x` white space is nothing.
    """
    if len(text) > MOST_PATTERN or set(flags) - FLAGS.keys() - {"q"}:
        return None
    if REFUSED.search(text) and "q" not in flags:
        return None
    if "x" in flags:
        text = re.sub(r"(\[[^\]]*\])|\s+", lambda found: found.group(1) or "", text)
    chosen = 0
    for flag in flags.replace("x", "").replace("q", ""):
        chosen |= FLAGS[flag]
    try:
        return regex.compile(regex.escape(text) if "q" in flags else _translated(text, flags), chosen)
    except (regex.error, RecursionError, OverflowError):
        return None


def _translated(text: str, flags: str) -> str:
    """What XPath writes otherwise: classes subtracted, a point that is no line's end, Latin signs."""
    text = re.sub(r"\[([^\[\]]+)-\[([^\[\]]+)\]\]", r"(?:(?![\2])[\1])", text)
    blank = r"\s*" if "x" in flags else ""
    text = re.sub(r"\\p\{" + blank + blank.join("IsBasicLatin") + blank + r"\}", r"[\\x00-\\x7f]", text)
    if "s" in flags:
        return text
    return POINT.sub(lambda found: r"[^\n\r]" if found.group() == "." else found.group(), text)


@TABLE.add("matches", "input: string", "pattern: string", "flags?: string?")
def _matches(feel: Any, text: str, pattern: str, flags: str | None = None) -> bool | None:
    del feel
    found = pattern_of(pattern, flags or "")
    if found is None:
        return None
    try:
        return found.search(text, timeout=LONGEST) is not None
    except TimeoutError:
        return None


@TABLE.add("replace", "input: string", "pattern: string", "replacement: string", "flags?: string?")
def _replace(feel: Any, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    del feel
    found = pattern_of(pattern, flags or "")
    if found is None or found.match("") is not None:
        return None
    if not re.fullmatch(r"(?:[^\\$]|\\[\\$]|\$\d+)*", replacement, re.DOTALL):
        return None

    def groups(match: Any) -> str:
        def one(piece: re.Match[str]) -> str:
            if piece.group().startswith("\\"):
                return piece.group()[1:]
            digits = piece.group()[1:]
            while len(digits) > 1 and int(digits) > (found.groups if found else 0):
                digits = digits[:-1]
            number, rest = int(digits), piece.group()[1 + len(digits) :]
            return ((match.group(number) or "") if number <= match.re.groups else "") + rest

        return re.sub(r"\\[\\$]|\$\d+", one, replacement)

    try:
        return str(found.sub(groups, text, timeout=LONGEST))
    except TimeoutError:
        return None


@TABLE.add("split", "string: string", "delimiter: string")
def _split(feel: Any, text: str, delimiter: str) -> list[str] | None:
    del feel
    found = pattern_of(delimiter)
    if found is None or found.match("") is not None:
        return None
    pieces, at = [], 0
    try:
        for match in found.finditer(text, timeout=LONGEST):
            pieces.append(text[at : match.start()])
            at = match.end()
    except TimeoutError:
        return None
    return [*pieces, text[at:]]

"""Showing why something was found: its text with the words marked, and the piece around the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from zhitong.core.search.tables import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

BEFORE, LENGTH = 16, 80  # signs before the first word, and signs of the whole piece
MORE = "\u2026"


def contained(text: str, words: Sequence[str]) -> int:
    """Return how many of the words stand in a text."""
    whole = plain(text)
    return sum(word in whole for word in words)


def spans(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the words stand in a text, as beginnings and ends in order, joined where they touch."""
    whole = plain(text)
    places = sorted(place for word in words for place in _places(whole, word))
    if len(whole) != len(text):
        origin = [at for at, sign in enumerate(text) for _ in plain(sign)]
        last = len(origin) - 1
        places = [(origin[min(a, last)], origin[min(b - 1, last)] + 1) for a, b in places if origin]
    joined: list[tuple[int, int]] = []
    for begin, end in places:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _places(whole: str, word: str) -> list[tuple[int, int]]:
    found, at = [], whole.find(word)
    while at >= 0:
        found.append((at, at + len(word)))
        at = whole.find(word, at + 1)
    return found


def marked(text: str, words: Sequence[str]) -> SafeString:
    """Return a text as HTML, escaped, each word in a mark element."""
    return _html(text, spans(text, words))


def snippet(text: str, words: Sequence[str]) -> SafeString:
    """Return the piece of a text around its first word as HTML, in one line; empty where there is none."""
    line = " ".join(text.split())
    found = spans(line, words)
    if not found:
        return SafeString("")
    begin = max(0, found[0][0] - BEFORE)
    end = max(begin + LENGTH, found[0][1])
    inside = [(a - begin, min(b, end) - begin) for a, b in found if a < end]
    piece = _html(line[begin:end], inside)
    return format_html("{}{}{}", MORE if begin else "", piece, MORE if end < len(line) else "")


def _html(text: str, found: Sequence[tuple[int, int]]) -> SafeString:
    pieces, at = [], 0
    for begin, end in found:
        pieces.append((text[at:begin], text[begin:end]))
        at = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[at:])

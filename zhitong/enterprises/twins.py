"""How alike two firms are by name and address: pairs of signs, without the words all names share."""

from __future__ import annotations

from functools import cache, lru_cache

from zhitong.core import data
from zhitong.core.search import pairs, plain

LIKELY = 75  # percent from which two firms are shown to somebody
NAME_WEIGHT = 70
REMEMBERED = 50_000  # texts whose pairs are kept while many firms are compared
BLOCK = 2  # signs of the core of a name by which possible twins are found


@lru_cache(REMEMBERED)
def core(name: str) -> str:
    """Return what is special about a name: without place, company form, brackets and marks of an example."""
    text = plain(name)
    for word in _common():
        text = text.replace(word, " ")
    return "".join(sign for sign in text if sign.isalnum()) or plain(name)


@cache
def _common() -> tuple[str, ...]:
    words: list[str] = data.read("imports", "twins")["common"]
    return tuple(plain(word) for word in sorted(words, key=len, reverse=True))


@lru_cache(REMEMBERED)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(pairs(text))


def dice(one: str, other: str) -> float:
    """Return twice the shared pairs over all pairs: 1.0 for equal texts, 0.0 for nothing in common."""
    first, second = _pairs(one), _pairs(other)
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def likeness(one: tuple[str, str], other: tuple[str, str]) -> int:
    """Return in percent how alike two (name, address) are; the name alone counts where one has no address."""
    name = dice(core(one[0]), core(other[0]))
    if not one[1] or not other[1]:
        return round(100 * name)
    best = NAME_WEIGHT * name + (100 - NAME_WEIGHT)
    if best < LIKELY:
        return round(best) - (100 - NAME_WEIGHT)  # no address could make these two alike
    return round(NAME_WEIGHT * name + (100 - NAME_WEIGHT) * dice(one[1], other[1]))

"""How alike two firms are by name and address: pairs of signs, without the words all names share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.core import data
from zhitong.core.search import pairs, plain

if TYPE_CHECKING:
    from zhitong.enterprises.models import Enterprise

LIKELY = 75  # percent from which two firms are shown to somebody
NAME_WEIGHT = 70
BLOCK = 2  # signs of the core of a name by which possible twins are found


def core(name: str) -> str:
    """Return what is special about a name: without place, company form, brackets and marks of an example."""
    table = data.read("imports", "twins")
    text = plain(name)
    for word in sorted(table["common"], key=len, reverse=True):
        text = text.replace(plain(word), " ")
    return "".join(sign for sign in text if sign.isalnum()) or plain(name)


def dice(one: str, other: str) -> float:
    """Return twice the shared pairs over all pairs: 1.0 for equal texts, 0.0 for nothing in common."""
    first, second = set(pairs(one)), set(pairs(other))
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def likeness(one: Enterprise, other: Enterprise) -> int:
    """Return in percent how alike two firms are; the name alone counts where one has no address."""
    name = dice(core(one.name), core(other.name))
    if not one.address or not other.address:
        return round(100 * name)
    address = dice(one.address, other.address)
    return round(NAME_WEIGHT * name + (100 - NAME_WEIGHT) * address)

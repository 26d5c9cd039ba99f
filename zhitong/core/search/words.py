"""Into which words a query is cut: each must stand in what is found.

The dictionary works on the query only. A text that it cuts otherwise than the query would not be found.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import rjieba

from zhitong.core import data
from zhitong.core.search.tables import RUN, plain

LONGEST = 60  # signs of a query that are read


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of a query as they are compared, and those that are too short to look for."""

    words: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


def cut(query: str) -> Asked:
    """Cut a query into words of two signs and more, in their order, none twice."""
    words: dict[str, None] = {}
    short: dict[str, None] = {}
    for run in RUN.findall(plain(query)[:LONGEST]):
        if len(run) == 1:
            short[run] = None
        else:
            words |= dict.fromkeys(_of_run(run))
    return Asked(tuple(words), tuple(short))


def _of_run(run: str) -> list[str]:
    """Cut a run of letters where the dictionary knows words, so that they may stand apart in a text.

    A sign that is left alone is part of something the dictionary does not know: it stays with the word before
    it, at the beginning with the one after it. Little words (of, in, and) only part the others.
    """
    pieces = rjieba.cut(run)
    if "".join(pieces) != run:
        return [run]
    found: list[str] = []
    touching = False
    for piece in pieces:
        if piece in _little():
            touching = False
            continue
        if touching and 1 in (len(piece), len(found[-1])):
            found[-1] += piece
        else:
            found.append(piece)
        touching = True
    # A single sign between little words is no word to look for: the whole is looked for as it stands.
    return found if found and all(len(word) > 1 for word in found) else [run]


@cache
def _little() -> frozenset[str]:
    return frozenset(data.read("search", "little-1")["words"])

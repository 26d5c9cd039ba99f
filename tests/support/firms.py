"""Synthetic firms for tests: one city for all of a run, and what its facts say."""

from __future__ import annotations

from datetime import date
from functools import cache

from zhitong.config import synthetic
from zhitong.core import data
from zhitong.enterprises import states
from zhitong.kernel.codes import Size, classify

TODAY = date(2026, 11, 23)
SEED = 20261123
CITY = 6000
SOURCES = data.read("facts", "facts-1")


@cache
def city() -> tuple[synthetic.Firm, ...]:
    """All firms of the city, which no test may change."""
    print(f"seed {SEED}")
    return tuple(synthetic.firms(count=CITY, seed=SEED, today=TODAY))


def share(found: int, whole: int = CITY) -> float:
    return found / whole


def rank_of(kind: str, source: str) -> int:
    return SOURCES["kind"][kind].get("order", SOURCES["order"]).index(source)


def strongest(firm: synthetic.Firm) -> dict[tuple[str, str], int | None]:
    """The value of each kind and year by the project's own order of sources."""
    found = {}
    for one in sorted(firm.facts, key=lambda one: -rank_of(one.kind, one.source)):
        found[one.kind, one.period] = one.value
    return found


def in_force(firm: synthetic.Firm) -> set[str]:
    return {held.kind for held in firm.titles if held.expires_on is None or held.expires_on >= TODAY}


def size_of(firm: synthetic.Firm) -> Size:
    known = strongest(firm)
    measured = {"people": known.get(("people", "2025"))}
    for name in ("revenue", "assets"):
        fen = known.get((name, "2025"))
        measured[name] = None if fen is None else fen // 1_000_000
    return classify(states.size_standard(), firm.activity, measured).size

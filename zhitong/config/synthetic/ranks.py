"""Which firms hold which titles: a permutation of all numbers, of which stretches hold a title."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from math import gcd
from random import Random

# The article's numbers for a city of BASE firms; hightech and innovative are guesses.
BASE = 6000
NUMBERS = {
    "champion_national": 10,
    "champion_provincial": 62,
    "giant": 40,
    "srdi": 150,
    "library": 2013,
    "hightech": 900,
    "innovative": 1200,
    "lead": 60,
    "listed": 40,
    "outside": 100,  # hightech, and as many innovative, outside the library
}
ENOUGH = 100  # from so many firms on there is at least one of each
LAPSED = 0.02  # titles that ended last month, beside those in force
LAPSING = ("srdi", "hightech", "innovative")
TITLES = frozenset(NUMBERS) - {"lead", "listed", "outside"}
TOP = frozenset({"giant", "champion_national", "champion_provincial"})
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rank:
    """What a stretch of ranks means for its firms: titles in force, titles that lapsed, and what follows."""

    titles: tuple[str, ...]
    lapsed: tuple[str, ...]
    titled: bool  # holds or held a title
    top: bool  # giant or champion
    lead: bool
    master: bool
    listed: bool
    asks: str  # the row of sizes, see city.CLASSES


def numbers(count: int) -> dict[str, int]:
    """Return how many of `count` firms hold each title in force."""
    least = 1 if count >= ENOUGH else 0
    return {kind: max(least, round(number * count / BASE)) for kind, number in NUMBERS.items()}


def step(size: int, random: Random) -> int:
    """Return a factor that runs through all numbers below `size` before one comes again."""
    found = int(size * (0.55 + random.random() * 0.15)) | 1
    while gcd(found, size) != 1:
        found += 1
    return found


class Plan:
    """The titles of a city with `count` firms; a firm's number alone gives its rank."""

    def __init__(self, count: int, seed: int) -> None:
        random = Random(f"{seed}:plan:{count}")  # noqa: S311 - synthetic data, not a secret
        self._count = count
        self._step = step(count, random)
        self._offset = random.randrange(count)
        self.numbers = numbers(count)
        held = self._stretches()
        lapsed = {kind: self._ended(kind, held[kind]) for kind in LAPSING}
        rows = [*held.values(), *lapsed.values()]
        self._starts = sorted({0, *(at for row in rows for stretch in row for at in stretch)})
        self._ranks = [_rank(at, held, lapsed) for at in self._starts]

    def _stretches(self) -> dict[str, list[Stretch]]:
        """Lay the titles over the ranks: giants first, champions around them, SRDI after the lead firms."""
        n = self.numbers
        giants, library, outside = n["giant"], n["library"], min(n["outside"], n["hightech"])
        champions = giants - min(giants, n["champion_national"]) // 2
        lead = giants + n["champion_provincial"] // 2
        still = giants * 3 // 4  # giants whose SRDI title is in force, too
        srdi = max(lead + n["lead"], giants + n["champion_provincial"], champions + n["champion_national"])
        later = round(library * 0.07)
        return {
            "champion_national": [(champions, champions + n["champion_national"])],
            "champion_provincial": [(giants, giants + n["champion_provincial"])],
            "giant": [(0, giants)],
            "srdi": [(0, still), (srdi, srdi + n["srdi"] - still)],
            "library": [(0, library)],
            "hightech": [(0, n["hightech"] - outside), (library, library + outside)],
            "innovative": [
                (later, later + n["innovative"] - outside),
                (library + outside // 2, library + outside // 2 + outside),
            ],
            "lead": [(lead, lead + n["lead"])],
            "master": [(lead, lead + n["lead"] // 3)],
            "listed": [(0, n["listed"] * 3 // 10), (lead, lead + n["listed"] - n["listed"] * 3 // 10)],
        }

    def _ended(self, kind: str, held: list[Stretch]) -> list[Stretch]:
        """Let titles end just behind those in force, and SRDI titles where only the giant's is in force."""
        first = held[-1][1]
        ended = [(first, first + round(self.numbers[kind] * LAPSED))]
        return [(held[0][1], self.numbers["giant"]), *ended] if kind == "srdi" else ended

    def rank(self, index: int) -> tuple[int, Rank]:
        """Return a firm's place among all, which no other firm has, and what it means."""
        at = (index * self._step + self._offset) % self._count
        return at, self._ranks[bisect(self._starts, at) - 1]


def _rank(at: int, held: dict[str, list[Stretch]], lapsed: dict[str, list[Stretch]]) -> Rank:
    here = {kind for kind, rows in held.items() if _within(at, rows)}
    ended = tuple(kind for kind, rows in lapsed.items() if _within(at, rows))
    titles = tuple(kind for kind in held if kind in here and kind in TITLES)
    return Rank(
        titles,
        ended,
        titled=bool(titles or ended),
        top=not here.isdisjoint(TOP),
        lead="lead" in here,
        master="master" in here,
        listed="listed" in here,
        asks=_asks({*here, *ended}),
    )


def _asks(kinds: set[str]) -> str:
    """Name what decides about the size of a firm."""
    if kinds & {"champion_national", "champion_provincial"} and not kinds & {"lead", "giant"}:
        return "champion"
    plain = "titled" if kinds else "plain"
    return next((kind for kind in ("lead", "giant", "srdi") if kind in kinds), plain)


def _within(at: int, rows: list[Stretch]) -> bool:
    return any(first <= at < end for first, end in rows)

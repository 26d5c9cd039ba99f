"""The words, weights and bounds that firms are drawn from, read once from the data folder."""

from __future__ import annotations

import csv
import tomllib
from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, TypeVar

from zhitong.kernel.codes import Size, parse_standard, read_activities
from zhitong.kernel.codes import Standard as SizeStandard

T = TypeVar("T")
DATA = Path(__file__).resolve().parents[3] / "data"
FEN = 1_000_000  # in 10,000 yuan
INDUSTRY = frozenset("CI")  # sections whose firms can hold titles
SIZES = (Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE)
CLASS_LENGTH = 5  # a letter and four digits


class Weighted(Generic[T]):
    """Things with weights; `at` takes a number from 0 to below 1."""

    __slots__ = ("_last", "_sums", "_things", "_total")

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        kept = [(thing, weight) for thing, weight in pairs if weight > 0]
        self._things = [thing for thing, _ in kept]
        self._sums = list(accumulate(weight for _, weight in kept))
        self._total = self._sums[-1]
        self._last = len(kept) - 1

    def at(self, chance: float) -> T:
        """Return the thing at this share of all weights."""
        return self._things[bisect(self._sums, chance * self._total, 0, self._last)]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a size class asks of a measure: from `low` to below `high`, which is 0 at the top."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Trade:
    """A division of industry: its figures, words and the classes of activity in it."""

    division: str
    head: int  # fen a head and year
    rd: float
    exports: float
    margin: float
    words: tuple[str, ...]
    products: tuple[str, ...]
    codes: tuple[str, ...]
    bounds: Mapping[Size, Mapping[str, Bounds]]
    soft: bool  # software and networks
    industry: bool  # whether its firms can hold titles


@dataclass(frozen=True, slots=True)
class District:
    """A district: streets, parks, and the trades of its firms with and without titles."""

    region: str
    name: str
    streets: tuple[tuple[str, str], ...]
    parks: tuple[str, ...]
    titled: Weighted[Trade]
    untitled: Weighted[Trade]


@dataclass(frozen=True, slots=True)
class World:
    """All that firms are drawn from."""

    words: Mapping[str, Any]
    districts: Weighted[District]
    forms: Weighted[str]
    big_forms: Weighted[str]
    duties: Weighted[str]
    street_names: Mapping[str, str]
    district_names: Mapping[str, str]
    park_names: Mapping[str, str]


def toml(folder: str, stem: str) -> dict[str, Any]:
    """Return a table of the data folder; Django, which knows that folder too, need not be up."""
    return tomllib.loads((DATA / folder / f"{stem}.toml").read_text(encoding="utf-8"))


@cache
def streets() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return code and name of the streets of each district."""
    found: dict[str, list[tuple[str, str]]] = {}
    with (DATA / "codes" / "fuzhou-streets.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["region"], []).append((row["code"], row["name"]))
    return {region: tuple(rows) for region, rows in found.items()}


@cache
def world() -> World:
    """Read everything; the files belong to the program, so a fault in them is an error here."""
    words = toml("demo", "firms")
    rows = [(trade, row["weight"]) for trade, row in zip(trades(words), words["trade"], strict=True)]
    built = [(_district(row, rows, words["others"]), row["weight"]) for row in words["district"]]
    return World(
        words,
        Weighted(built),
        Weighted(words["forms"].items()),
        Weighted(words["big_forms"].items()),
        Weighted(words["duties"].items()),
        {code: name for pairs in streets().values() for code, name in pairs},
        {district.region: district.name for district, _ in built},
        {key: name for row in words["district"] for key, name in row["parks"]},
    )


def trades(words: Mapping[str, Any]) -> list[Trade]:
    """Return the trades in the order of the file."""
    standard = parse_standard(toml("codes", "size-2011"))
    text = (DATA / "codes" / "gbt4754-2017.csv").read_text(encoding="utf-8")
    table = read_activities(text.splitlines())
    classes = [code for code in table.by_code if len(code) == CLASS_LENGTH]
    return [_trade(row, classes, standard) for row in words["trade"]]


def _trade(row: Mapping[str, Any], classes: list[str], standard: SizeStandard) -> Trade:
    division = row["division"]
    codes = tuple(row.get("codes") or (code for code in classes if code.startswith(division)))
    return Trade(
        division,
        row["head"] * FEN,
        row["rd"] / 100,
        row["exports"],
        row["margin"] / 100,
        tuple(row["words"]),
        tuple(row["products"]),
        codes,
        _bounds(standard, codes[0]),
        division.startswith("I"),
        division[0] in INDUSTRY,
    )


def _bounds(standard: SizeStandard, activity: str) -> dict[Size, dict[str, Bounds]]:
    line = standard.industry_of(activity)
    if line is None:
        raise ValueError(f"{activity} has no size classes.")
    units = {name: 1 if name == "people" else FEN for name in line.bounds[Size.SMALL]}
    steps = [{name: int(line.bounds[size][name] * units[name]) for name in units} for size in SIZES[1:]]
    steps = [dict.fromkeys(units, 0), *steps, dict.fromkeys(units, 0)]
    return {
        size: {name: Bounds(steps[at][name], steps[at + 1][name]) for name in units}
        for at, size in enumerate(SIZES)
    }


def _district(row: Mapping[str, Any], rows: list[tuple[Trade, float]], others: float) -> District:
    """Weigh the trades: software by the district's share, manufacturing by what it is known for."""
    made = [(t, w * row["boost"].get(t.division, 1)) for t, w in rows if t.industry and not t.soft]
    soft = [(t, w) for t, w in rows if t.soft]
    rest = [(t, w) for t, w in rows if not t.industry]
    industry = _scaled(made, 1 - row["soft"]) + _scaled(soft, row["soft"])
    return District(
        row["region"],
        row["name"],
        streets()[row["region"]],
        tuple(key for key, _ in row["parks"]),
        Weighted(industry),
        Weighted(_scaled(industry, 1 - others) + _scaled(rest, others)),
    )


def _scaled(pairs: list[tuple[Trade, float]], total: float) -> list[tuple[Trade, float]]:
    whole = sum(weight for _, weight in pairs)
    return [(trade, weight * total / whole) for trade, weight in pairs]

"""Nearest texts by weighted pairs of signs (tf-idf of bigrams, cosine), with the pairs that count."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 5  # pairs that explain a likeness


@dataclass(frozen=True, slots=True)
class Near:
    """A text of the corpus by its place, how alike it is (0 to 1), and the pairs of signs that make it so."""

    place: int
    likeness: float
    shared: tuple[str, ...]


def pairs(text: str) -> list[str]:
    """Return the pairs of neighbouring letters and figures of a text, in order; punctuation parts words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = []
    for first, second in pairwise(plain):
        if first.isalnum() and second.isalnum():
            found.append(first + second)
    return found


class Corpus:
    """Texts that can be asked which of them are nearest to another; built once, never changed."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = [Counter(pairs(text)) for text in texts]
        self.size = len(counted)
        holding = Counter(pair for counts in counted for pair in counts)
        self._weight = {pair: math.log(1 + self.size / number) for pair, number in holding.items()}
        self._index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, counts in enumerate(counted):
            for pair, value in self._vector(counts).items():
                self._index[pair].append((place, value))

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        raw = {pair: (1 + math.log(number)) * self._weight.get(pair, 0.0) for pair, number in counts.items()}
        length = math.sqrt(sum(value * value for value in raw.values()))
        return {pair: value / length for pair, value in raw.items() if value} if length else {}

    def nearest(self, text: str, count: int, *, least: float = 0.0) -> list[Near]:
        """Return at most `count` texts that are alike by more than `least`, the nearest first.

        Equal ones stand in the order of the corpus, so the answer is always the same.
        """
        alike: dict[int, float] = defaultdict(float)
        reasons: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for pair, value in self._vector(Counter(pairs(text))).items():
            for place, other in self._index.get(pair, ()):
                alike[place] += value * other
                reasons[place].append((-value * other, pair))
        order = sorted((-likeness, place) for place, likeness in alike.items() if likeness > least)
        return [
            Near(place, -likeness, tuple(pair for _, pair in sorted(reasons[place])[:SHOWN]))
            for likeness, place in order[:count]
        ]

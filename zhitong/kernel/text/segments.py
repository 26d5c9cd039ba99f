"""Runs of signs with the places of the texts that hold them, as sorted arrays, and questions put to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Segment:
    """`codes` ascending; run i stands in `places[starts[i]:starts[i + 1]]`, ascending, with its `values`."""

    codes: np.ndarray  # int64
    starts: np.ndarray  # int64, one more than codes
    places: np.ndarray  # int32
    values: np.ndarray  # float32: 1 + ln(how often)

    @classmethod
    def build(cls, counted: Sequence[tuple[np.ndarray, np.ndarray]], first: int) -> Segment:
        """Make a segment of texts (runs and how often each stands) at the places from `first` on."""
        codes = np.concatenate([codes for codes, _ in counted])
        counts = np.concatenate([counts for _, counts in counted])
        places = np.repeat(np.arange(first, first + len(counted)), [len(codes) for codes, _ in counted])
        return cls.sorted(codes, places.astype(np.int32), (1 + np.log(counts)).astype(np.float32))

    @classmethod
    def sorted(cls, codes: np.ndarray, places: np.ndarray, values: np.ndarray) -> Segment:
        """Make a segment of entries whose places ascend within each run."""
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
        begins = np.flatnonzero(np.diff(codes, prepend=codes[:1] - 1))
        starts = np.append(begins, len(codes))
        return cls(codes[begins], starts, places[order], values[order])

    def held(self) -> np.ndarray:
        """Return how many texts hold each run."""
        return np.diff(self.starts)

    def lengths(self, weights: np.ndarray, size: int) -> np.ndarray:
        """Return the squared length of each text by place, under a weight for each run."""
        squares = (np.repeat(weights, self.held()) * self.values) ** 2
        return np.bincount(self.places, squares, size)

    def find(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return where the places of each asked run begin and how many there are."""
        if not len(self.codes):
            return np.zeros(len(codes), np.int64), np.zeros(len(codes), np.int64)
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        begins = self.starts[at]
        return begins, np.where(self.codes[at] == codes, self.starts[at + 1] - begins, 0)


def merge(segments: Sequence[Segment], alive: np.ndarray) -> Segment:
    """Put segments of ascending places together, without the texts that went."""
    if not segments:
        return Segment.sorted(np.empty(0, np.int64), np.empty(0, np.int32), np.empty(0, np.float32))
    codes = np.concatenate([np.repeat(part.codes, part.held()) for part in segments])
    places = np.concatenate([part.places for part in segments])
    values = np.concatenate([part.values for part in segments])
    kept = alive[places]
    if not kept.all():
        codes, places, values = codes[kept], places[kept], values[kept]
    return Segment.sorted(codes, places, values)


@dataclass(slots=True)
class _Part:
    """One segment under a question: where each asked run begins in it, and how many places it has."""

    segment: Segment
    begins: np.ndarray
    held: np.ndarray

    def read(self, runs: np.ndarray, worth: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return place, run and what it adds, for every place of the runs."""
        held = self.held[runs]
        ends = np.cumsum(held)
        at = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.begins[runs] - ends + held, held)
        which = np.repeat(runs, held)
        return self.segment.places[at], which, worth[which] * self.segment.values[at]

    def look_up(self, run: int, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return which of some places (as positions among them) hold a run, and how much of it."""
        begin, held = int(self.begins[run]), int(self.held[run])
        row = self.segment.places[begin : begin + held]
        at = np.minimum(np.searchsorted(row, places), held - 1)
        hit = np.flatnonzero(row[at] == places)
        return hit, self.segment.values[begin + at[hit]]


@dataclass(slots=True)
class Answer:
    """The best places, the nearest first, and for each the asked runs it holds with what each adds."""

    places: np.ndarray
    likeness: np.ndarray
    shared: list[list[tuple[float, int]]]


class Question:
    """Runs with what each is worth, put to segments: which places gain the most."""

    def __init__(self, segments: Sequence[Segment], codes: np.ndarray, worth: np.ndarray) -> None:
        self.worth = worth
        self.parts = [_Part(segment, *segment.find(codes)) for segment in segments]
        self.held = np.sum([part.held for part in self.parts], axis=0) if self.parts else worth * 0
        self.added: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def answer(
        self, scale: np.ndarray, limit: int, *, budget: int, compared: int, least: float, reasons: bool = True
    ) -> Answer:
        """Return the best `limit` places by what they gain times `scale` (0 for one that is not there).

        The rarest runs are read until `budget` places have been read; then the best `compared` are looked up
        in the other runs.
        """
        order = np.argsort(self.held, kind="stable")
        order = order[self.held[order] > 0]
        within = np.cumsum(self.held[order]) <= budget
        within[:1] = True
        gains = self._gather(order[within], len(scale)) * scale
        best = _best(gains, compared)
        gains = gains[best]
        for run in order[~within]:
            self._complete(int(run), best, gains, scale)
        sequence = np.lexsort((best, -gains))
        sequence = sequence[gains[sequence] > least][:limit]
        best, gains = best[sequence], gains[sequence]
        return Answer(best, gains, self._explain(best, scale) if reasons else [[] for _place in best])

    def _gather(self, runs: np.ndarray, size: int) -> np.ndarray:
        self.added = [part.read(runs, self.worth) for part in self.parts]
        gains = np.zeros(size)
        for places, _, values in self.added:
            if len(places):
                gains += np.bincount(places, values, size)
        return gains

    def _complete(self, run: int, best: np.ndarray, gains: np.ndarray, scale: np.ndarray) -> None:
        for part in self.parts:
            if not part.held[run]:
                continue
            hit, values = part.look_up(run, best)
            added = self.worth[run] * values
            gains[hit] += added * scale[best[hit]]
            self.added.append((best[hit], np.full(len(hit), run), added))

    def _explain(self, best: np.ndarray, scale: np.ndarray) -> list[list[tuple[float, int]]]:
        rank = np.full(len(scale), -1)
        rank[best] = np.arange(len(best))
        shared: list[list[tuple[float, int]]] = [[] for _ in best]
        for places, runs, values in self.added:
            ranks = rank[places]
            hit = np.flatnonzero(ranks >= 0)
            for row, run, value in zip(ranks[hit], runs[hit], values[hit], strict=True):
                shared[row].append((float(value), int(run)))
        return shared


def _best(gains: np.ndarray, count: int) -> np.ndarray:
    """Return the `count` places with the highest gains, ascending; of equal ones the first."""
    touched = np.flatnonzero(gains > 0)
    if len(touched) <= count:
        return touched
    values = gains[touched]
    least = np.partition(values, -count)[-count]
    above, equal = touched[values > least], touched[values == least]
    return np.sort(np.concatenate([above, equal[: count - len(above)]]))

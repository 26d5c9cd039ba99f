"""Similar texts among many: an index that texts come into and leave, with what explains a likeness.

Likeness is the cosine of two texts' weighted runs of two and three signs (tf-idf). How it stays fast and
right while it changes:

- Runs are held in segments: sorted arrays of runs, each with the places of the texts that hold it. New texts
  make small segments, which are put together as they grow.
- How rare a run is (idf) is counted anew when the texts that came and went since the last count are more than
  a tenth of those that were there then. Until then old weights hold, and a run unseen at that count is taken
  for the rarest. `refresh` counts at once; after it the index answers as one built from the same texts would.
- A question goes through the rarest runs first, until `BUDGET` places have been read. The best texts found by
  then are compared by all runs, so a likeness is always the whole one. A text is missed only where the budget
  was used up and the rare runs alone put it behind the `COMPARED` best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.grams import grams
from zhitong.kernel.text.reasons import stretches
from zhitong.kernel.text.segments import Question, Segment, merge

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

SIZES = (2, 3)
BUDGET = 60_000  # places read before the best are compared in full
COMPARED = 64  # ... of which so many, or four times as many as are asked for
WAITING = 2_000  # texts that wait to be put into a segment
AGED = 10  # counted anew when one in so many has come or gone


@dataclass(frozen=True, slots=True)
class Similar:
    """A text by its key, how alike it is (0 to 1), and the stretches of the question that make it so."""

    key: Hashable
    likeness: float
    shared: tuple[str, ...]


class Index:
    """Texts by key that can be asked which are nearest to another. Not for several threads at once."""

    def __init__(self, cleaning: Cleaning = PLAIN) -> None:
        self.cleaning = cleaning
        self._places: dict[Hashable, int] = {}
        self._keys: list[Hashable] = []  # by place; a place is given once
        self._alive = np.zeros(0, bool)
        self._scale = np.zeros(0)  # one through the length of each text; 0 for one that went
        self._segments: list[Segment] = []
        self._waiting: list[tuple[np.ndarray, np.ndarray]] = []
        self._codes = np.empty(0, np.int64)  # runs known at the last count, ascending, with their weights
        self._weights = np.empty(0)
        self._rarest = 0.0
        self._counted = 0  # texts at the last count
        self._changes = 0  # texts that came or went since

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, key: Hashable) -> bool:
        return key in self._places

    def add(self, key: Hashable, text: str) -> None:
        """Take a text in under a key; another text under the same key is replaced."""
        self.discard(key)
        self._places[key] = len(self._keys)
        self._keys.append(key)
        self._waiting.append(grams(self.cleaning(text), SIZES))
        self._changes += 1
        if len(self._waiting) >= WAITING:
            self._settle()

    def discard(self, key: Hashable) -> None:
        """Let a text go; an unknown key is none."""
        place = self._places.pop(key, None)
        if place is None:
            return
        self._changes += 1
        if place >= len(self._alive):
            self._settle()
        self._alive[place] = False
        self._scale[place] = 0.0

    def nearest(
        self,
        text: str,
        limit: int,
        *,
        least: float = 0.0,
        among: Iterable[Hashable] | None = None,
        reasons: bool = True,
    ) -> list[Similar]:
        """Return at most `limit` texts alike by more than `least`, the nearest first, equal ones by age.

        With `among`, only texts under these keys are compared; unknown ones are none. Without `reasons`, what
        they share is left out, which is half the work where many are asked for.
        """
        plain = self.cleaning(text)
        codes, counts = grams(plain, SIZES)
        if not len(codes) or not self._places or limit < 1:
            return []
        self._prepare()
        weights = self._weigh(codes)
        values = (1 + np.log(counts)) * weights
        length = math.sqrt(float(values @ values))
        question = Question(self._segments, codes, values * weights / length)
        compared = max(COMPARED, 4 * limit)
        scale = self._scale if among is None else self._scale_of(among)
        found = question.answer(scale, limit, budget=BUDGET, compared=compared, least=least, reasons=reasons)
        return [
            Similar(
                self._keys[place],
                min(1.0, float(likeness)),
                stretches(plain, {int(codes[run]): value for value, run in shared}),
            )
            for place, likeness, shared in zip(found.places, found.likeness, found.shared, strict=True)
        ]

    def _scale_of(self, keys: Iterable[Hashable]) -> np.ndarray:
        scale = np.zeros_like(self._scale)
        places = [self._places[key] for key in keys if key in self._places]
        scale[places] = self._scale[places]
        return scale

    def refresh(self) -> None:
        """Count anew how rare each run is and drop what went: the index is as if it had just been built."""
        self._settle()
        whole = merge(self._segments, self._alive)
        whole.places = (np.cumsum(self._alive) - 1).astype(np.int32)[whole.places]
        places = np.flatnonzero(self._alive)
        self._keys = [self._keys[place] for place in places]
        self._places = {key: place for place, key in enumerate(self._keys)}
        self._alive = np.ones(len(self._keys), bool)
        self._segments = [whole] if len(whole.codes) else []
        self._counted, self._changes = len(self._keys), 0
        self._codes = whole.codes
        self._weights = np.log(1 + self._counted / whole.held())
        self._rarest = math.log(1 + self._counted)
        self._scale = _through(whole.lengths(self._weights, len(self._keys)))

    def _prepare(self) -> None:
        if self._changes * AGED > self._counted:
            self.refresh()
        elif self._waiting:
            self._settle()

    def _settle(self) -> None:
        """Put what waits into a segment, and segments of like size together."""
        if not self._waiting:
            return
        fresh = Segment.build(self._waiting, len(self._alive))
        self._waiting = []
        known = len(self._alive)
        lengths = fresh.lengths(self._weigh(fresh.codes), len(self._keys))[known:]
        self._scale = np.concatenate([self._scale, _through(lengths)])
        self._alive = np.concatenate([self._alive, np.ones(len(lengths), bool)])
        self._segments.append(fresh)
        while len(self._segments) > 1 and len(self._segments[-1].places) * 2 > len(self._segments[-2].places):
            self._segments[-2:] = [merge(self._segments[-2:], self._alive)]

    def _weigh(self, codes: np.ndarray) -> np.ndarray:
        """Return the weights of runs by the last count."""
        if not len(self._codes):
            return np.full(len(codes), self._rarest)
        at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[at] == codes, self._weights[at], self._rarest)


def _through(squares: np.ndarray) -> np.ndarray:
    """Return one through the root of each, 0 for 0."""
    return np.divide(1, np.sqrt(squares), out=np.zeros(len(squares)), where=squares > 0)

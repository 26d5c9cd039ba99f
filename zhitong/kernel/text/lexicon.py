"""Which of several subjects a text is about, by words that weigh: longest first, no sign counted twice."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Scored:
    """A subject by its key, the sum of the weights of its words, and these words, the heaviest first."""

    key: str
    score: float
    words: tuple[str, ...]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


class Lexicon:
    """Subjects with weighted words; built once, never changed.

    `words` gives each key its words with positive weights; `passed_over` are words that count for nothing
    and keep the shorter ones inside them from counting. ValueError for a word without signs or weight.
    """

    def __init__(self, words: Mapping[str, Mapping[str, float]], passed_over: Iterable[str] = ()) -> None:
        self._weights: dict[str, list[tuple[str, float]]] = {_plain(word): [] for word in passed_over}
        self._order = {key: place for place, key in enumerate(words)}
        for key, own in words.items():
            for word, weight in own.items():
                if not word.strip() or weight <= 0:
                    raise ValueError(f"{word!r} of {key!r} needs signs and a positive weight.")
                self._weights.setdefault(_plain(word), []).append((key, weight))
        self._lengths = sorted({len(word) for word in self._weights}, reverse=True)

    def found(self, text: str) -> list[str]:
        """Return the words that a text holds, each once, in order of their places.

        Longer words are looked for first, those of one length from left to right; what overlaps a word that
        was found is none. Words of Latin letters and figures are only found whole.
        """
        plain = _plain(text)
        taken = bytearray(len(plain))
        places: dict[str, int] = {}
        for length in self._lengths:
            for start in range(len(plain) - length + 1):
                end = start + length
                word = plain[start:end]
                if word in self._weights and not any(taken[start:end]) and _whole(plain, start, end):
                    taken[start:end] = b"\x01" * length
                    places.setdefault(word, start)
        return sorted(places, key=lambda word: places[word])

    def ranked(self, text: str) -> list[Scored]:
        """Return the subjects of which a text holds words, the heaviest first; a word counts once.

        Equal ones stand in the order of the lexicon, so the answer is always the same.
        """
        by_key: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for word in self.found(text):
            for key, weight in self._weights[word]:
                by_key[key].append((weight, word))
        scored = [_sum(key, pairs) for key, pairs in by_key.items()]
        return sorted(scored, key=lambda row: (-row.score, self._order[row.key]))


def _whole(plain: str, start: int, end: int) -> bool:
    """Whether no Latin letter or figure goes on before or after a word that begins or ends with one."""
    before = start > 0 and _latin(plain[start - 1]) and _latin(plain[start])
    after = end < len(plain) and _latin(plain[end]) and _latin(plain[end - 1])
    return not before and not after


def _sum(key: str, pairs: Iterable[tuple[float, str]]) -> Scored:
    heaviest = sorted(pairs, key=lambda pair: -pair[0])
    return Scored(key, sum(weight for weight, _ in heaviest), tuple(word for _, word in heaviest))


def rolled_up(rows: Iterable[Scored], parents: Mapping[str, str]) -> list[Scored]:
    """Return the sums of subjects by what they belong to, the heaviest first, then the one met first.

    A word that stands with several subjects of one parent counts once for it, with the weight met first.
    """
    sums: dict[str, float] = defaultdict(float)
    words: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        parent = parents[row.key]
        fresh = [word for word in row.words if word not in words[parent]]
        sums[parent] += row.score * (len(fresh) / len(row.words))
        words[parent].update(dict.fromkeys(row.words))
    order = list(sums)
    return sorted(
        (Scored(key, sums[key], tuple(words[key])) for key in order),
        key=lambda row: (-row.score, order.index(row.key)),
    )


def decided(rows: Sequence[Scored], *, least: float, ahead: float) -> Scored | None:
    """Return the first of ranked subjects if it weighs enough and is ahead of the second; else None."""
    if not rows or rows[0].score < least:
        return None
    if len(rows) > 1 and rows[0].score - rows[1].score < ahead:
        return None
    return rows[0]

"""Cosine of weighted runs of signs, straight from its definition: slow, and compared with the index."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping


def runs(text: str, sizes: tuple[int, ...] = (2, 3)) -> Counter[str]:
    words = text.split(" ")
    return Counter(
        word[at : at + size] for word in words for size in sizes for at in range(len(word) - size + 1)
    )


def likeness(texts: Mapping[object, str], asked: str) -> dict[object, float]:
    """Likeness of each cleaned text to a cleaned one, without those that share nothing."""
    counted = {key: runs(text) for key, text in texts.items()}
    held = Counter(run for counts in counted.values() for run in counts)

    def vector(counts: Counter[str]) -> dict[str, float]:
        raw = {
            run: (1 + math.log(count)) * math.log(1 + len(texts) / max(held[run], 1))
            for run, count in counts.items()
        }
        length = math.sqrt(sum(value * value for value in raw.values())) or 1
        return {run: value / length for run, value in raw.items()}

    question = vector(runs(asked))
    found = {}
    for key, counts in counted.items():
        one = vector(counts)
        total = sum(value * question[run] for run, value in one.items() if run in question)
        if total:
            found[key] = total
    return found

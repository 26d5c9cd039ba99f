"""Drawing by lot: whoever has the seed and the numbers gets the same ones."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def ordered(seed: str, numbers: Iterable[str]) -> list[str]:
    """Return numbers by the SHA-256 of `seed:number` in hexadecimal, the smallest first; no two are alike."""
    return sorted(set(numbers), key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())


def digest(numbers: Iterable[str]) -> str:
    """Return the SHA-256 of the numbers, sorted, each on a line of its own."""
    return hashlib.sha256("".join(f"{number}\n" for number in sorted(set(numbers))).encode()).hexdigest()


def size(population: int, *, percent: int, most: int) -> int:
    """Return how many are drawn: so many per cent, rounded up, at most `most`."""
    return min(most, -(-population * percent // 100))

"""Neighbouring signs of a text as whole numbers: exact, readable back, and fast in arrays.

A sign is a code point of 21 bits, so up to three of them fit into one number of 64 bits.
"""

from __future__ import annotations

import numpy as np

BITS = 21
MOST = 3  # signs of the longest gram
BLANK = 32
MASK = (1 << BITS) - 1


def grams(text: str, sizes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct runs of so many signs (1 to 3) of a cleaned text, ascending, and how many of each.

    Two arrays of one length, int64. A blank parts words: no run reaches over it.
    """
    signs = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    whole = signs != BLANK
    found = []
    for size in sizes:
        count = len(signs) - size + 1
        if count <= 0:
            continue
        codes, kept = signs[:count].copy(), whole[:count].copy()
        for step in range(1, size):
            codes = (codes << BITS) | signs[step : step + count]
            kept &= whole[step : step + count]
        found.append(codes[kept])
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.unique(np.concatenate(found), return_counts=True)


def spell(code: int) -> str:
    """Return the signs of a gram."""
    signs = []
    while code:
        signs.append(chr(code & MASK))
        code >>= BITS
    return "".join(reversed(signs))

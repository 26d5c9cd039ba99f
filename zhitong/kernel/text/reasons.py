"""The stretches of a text that explain an answer: neighbouring runs that count, joined for people to read."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from zhitong.kernel.text.grams import BITS

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 5
LONGEST = 12  # signs of a stretch


def stretches(text: str, worth: Mapping[int, float]) -> tuple[str, ...]:
    """Return the (at most five) stretches of a cleaned text that are worth the most, the best first.

    `worth` is what each run of one to three signs adds. A stretch begins with a pair that adds something and
    goes on as long as the next three signs do.
    """
    signs = [ord(sign) for sign in text]
    ones = [worth.get(sign, 0.0) for sign in signs]
    twos = [worth.get((first << BITS) | second, 0.0) for first, second in pairwise(signs)]
    threes = [
        worth.get((((first << BITS) | second) << BITS) | third, 0.0)
        for first, second, third in zip(signs, signs[1:], signs[2:], strict=False)
    ]
    found: dict[str, float] = {}
    at = 0
    while at < len(twos):
        end = at
        if twos[at] > 0:
            end = at + 2
            while end < len(signs) and end - at < LONGEST and threes[end - 2] > 0:
                end += 1
            value = sum(ones[at:end]) + sum(twos[at : end - 1]) + sum(threes[at : end - 2])
            stretch = text[at:end]
            found[stretch] = max(value, found.get(stretch, 0.0))
        at = max(at + 1, end - 1)
    best = sorted(found, key=lambda stretch: -found[stretch])
    return tuple(
        [stretch for stretch in best if not any(stretch != more and stretch in more for more in found)][
            :SHOWN
        ]
    )

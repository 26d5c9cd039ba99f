"""How a sum is divided among claims, in whole units, with the exact remainder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def shares(total: int, weights: Sequence[int], *, unit: int = 1) -> list[int]:
    """Return parts of a total by weight, in whole units, that add up to it.

    Each gets its share rounded down; what is left goes unit by unit to the largest remainders, among equal
    ones to the first (Hamilton's method). What is less than one unit goes to the first that gets anything.
    All numbers are fen and not below zero; ValueError where they are, or where nobody has a weight.
    """
    if total < 0 or unit < 1 or any(weight < 0 for weight in weights):
        message = "Sums, weights and units are not below zero."
        raise ValueError(message)
    whole = sum(weights)
    if not whole:
        if total:
            message = "There is nobody to divide it among."
            raise ValueError(message)
        return [0] * len(weights)
    units, rest = divmod(total, unit)
    exact = [units * weight for weight in weights]
    found = [share // whole for share in exact]
    order = sorted(range(len(weights)), key=lambda at: (-(exact[at] % whole), at))
    for at in order[: units - sum(found)]:
        found[at] += 1
    parts = [number * unit for number in found]
    if rest:
        parts[next((at for at, part in enumerate(parts) if part), order[0])] += rest
    return parts


def pro_rata(claims: Sequence[int], budget: int, *, unit: int = 1) -> list[int]:
    """Return what each claim gets of a budget that does not reach for all: the same part of each, in units.

    Nobody gets more than was claimed; a budget that reaches is not used up.
    """
    if sum(claims) <= budget:
        return list(claims)
    parts = shares(budget - budget % unit, claims, unit=unit)
    return [min(part, claim) for part, claim in zip(parts, claims, strict=True)]


def first_come(claims: Sequence[int], budget: int, *, partly: bool = False) -> list[int]:
    """Return what each claim gets in the order in which they stand until the budget is used up.

    The first that is not reached for whole gets nothing, and nobody behind it, or with `partly` what is left.
    """
    found, left, ended = [], budget, False
    for claim in claims:
        whole = not ended and claim <= left
        part = claim if whole else left if partly and not ended else 0
        ended = ended or not whole
        left -= part
        found.append(part)
    return found


def by_score(claims: Sequence[int], scores: Sequence[int], budget: int, *, partly: bool = False) -> list[int]:
    """Return what each claim gets in the order of scores, the highest first; equal ones in their order."""
    order = sorted(range(len(claims)), key=lambda at: (-scores[at], at))
    given = first_come([claims[at] for at in order], budget, partly=partly)
    found = [0] * len(claims)
    for at, part in zip(order, given, strict=True):
        found[at] = part
    return found

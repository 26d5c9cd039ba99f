"""How good suggestions are: F1, calibration, what is right among what is shown. Plain arrays, no model."""

from __future__ import annotations

import math

import numpy as np

from zhitong.kernel.text.classifier import softmax

SURE = 1.645  # one-sided 95 in 100
NEVER = 2.0  # a threshold that no probability reaches
BINS = 10
NEAR = 1e-4


def macro_f1(true: np.ndarray, found: np.ndarray) -> float:
    """Return the mean of 2·right / (given + there) over the labels in `true`; -1 is no label."""
    scores = []
    for label in np.unique(true[true >= 0]):
        right = int(((true == label) & (found == label)).sum())
        scores.append(2 * right / int((true == label).sum() + (found == label).sum()))
    return float(np.mean(scores))


def calibration_error(chances: np.ndarray, right: np.ndarray) -> float:
    """Return how far probabilities lie from the share that is right, on average over ten bins (0 to 1)."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(chances[bins == place].sum() - right[bins == place].sum())) for place in np.unique(bins)
    ]
    return sum(gaps) / len(chances)


def steepness(scores: np.ndarray, true: np.ndarray) -> float:
    """Return the factor for scores under which the true labels are likeliest; label -1 does not count."""
    known = true >= 0
    scores, rows, true = scores[known], np.arange(int(known.sum())), true[known]

    def unlikely(exponent: float) -> float:
        chances = softmax(math.exp(exponent) * scores)[rows, true]
        return -float(np.log(np.maximum(chances, 1e-12)).mean())

    low, high, golden = -4.0, 6.0, (math.sqrt(5) - 1) / 2
    while high - low > NEAR:
        left, right = high - golden * (high - low), low + golden * (high - low)
        low, high = (low, right) if unlikely(left) < unlikely(right) else (left, high)
    return math.exp((low + high) / 2)


def at_least(right: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return the share surely right (95 in 100) when `right` of `shown` were (Wilson's lower bound)."""
    share, square = right / shown, SURE**2
    middle = share + square / (2 * shown)
    spread = SURE * np.sqrt(share * (1 - share) / shown + square / (4 * shown**2))
    return (middle - spread) / (1 + square / shown)


def threshold(chances: np.ndarray, right: np.ndarray, precision: float) -> float:
    """Return the lowest probability from which on at least `precision` is surely right, or NEVER."""
    if not len(chances):
        return NEVER
    order = np.argsort(-chances, kind="stable")
    sorted_chances = chances[order]
    shown = np.arange(1, len(order) + 1)
    sure = at_least(np.cumsum(right[order]), shown)
    # Those of one probability are shown together.
    last = np.append(np.diff(sorted_chances) != 0, True)
    good = np.flatnonzero((sure >= precision) & last)
    return float(sorted_chances[good[-1]]) if len(good) else NEVER

"""What a learnt model has to beat: always the most frequent label; a few telling pairs of signs a label."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

WORDS = 20  # telling pairs of a label

# Pairs of the known texts (a matrix of 0 and 1), their labels, pairs of those asked about -> labels.
Baseline = Callable[[Any, np.ndarray, Any], np.ndarray]


def majority(_: Any, known: np.ndarray, asked: Any) -> np.ndarray:
    """Return the most frequent label for every text."""
    return np.full(asked.shape[0], np.bincount(known).argmax())


def keywords(there: Any, known: np.ndarray, asked: Any) -> np.ndarray:
    """Return the label of whose twenty most telling pairs a text holds the most; the most frequent for none.

    A pair tells of a label by the share of its texts that hold it less the share of the others.
    """
    order = np.argsort(-np.bincount(known), kind="stable")  # so that of equal ones the more frequent wins
    hits = []
    for label in order:
        inside = known == label
        telling = np.asarray(there[inside].mean(axis=0) - there[~inside].mean(axis=0)).ravel()
        best = np.argsort(-telling, kind="stable")[:WORDS]
        hits.append(np.asarray(asked[:, best].sum(axis=1)).ravel())
    return order[np.argmax(hits, axis=0)]

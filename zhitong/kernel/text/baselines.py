"""What learning and grouping have to beat: the most frequent label, telling pairs, whole texts alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.index import Index

if TYPE_CHECKING:
    from zhitong.kernel.text.blocks import Message

NEAREST = 50  # texts of which each is joined with those that are alike enough

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


def whole_texts(
    messages: Sequence[Message], *, least: float, days: int, least_firms: int, cleaning: Cleaning = PLAIN
) -> list[list[Message]]:
    """Return messages joined step by step by the likeness of whole texts; those with most senders first.

    Two are joined when their likeness is at least `least` and they lie at most `days` apart (0: any).
    """
    index = Index(cleaning)
    for place, message in enumerate(messages):
        index.add(place, f"{message.title}\n{message.text}")
    joined = list(range(len(messages)))

    def root(place: int) -> int:
        while joined[place] != place:
            place = joined[place]
        return place

    for place, message in enumerate(messages):
        for near in index.nearest(f"{message.title}\n{message.text}", NEAREST, least=least):
            apart = abs(messages[near.key].at - message.at)
            if not days or apart <= timedelta(days=days):
                joined[root(place)] = root(near.key)
    found: dict[int, list[Message]] = defaultdict(list)
    for place, message in enumerate(messages):
        found[root(place)].append(message)
    senders = {at: len({message.sender for message in group}) for at, group in found.items()}
    kept = [at for at in found if senders[at] >= least_firms]
    return [found[at] for at in sorted(kept, key=lambda at: (-senders[at], at))]

"""Messages that are tied to one entity, how alike each two are, and the best group among them.

What messages share through the entity's name does not count. A group has a centre: each member lies within
the window and is alike to the centre and, on average, to the others, so that no chain of small steps joins
two matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from zhitong.kernel.text.entities import Entity, plain
from zhitong.kernel.text.grams import grams

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from datetime import datetime

    from zhitong.kernel.text.clean import Cleaning

SIZES = (1, 2)
COLUMNS = 20_000  # runs multiplied at once
LARGEST = 400  # messages of one block that are compared; the newest


@dataclass(frozen=True, slots=True)
class Message:
    """One text by key, who sent it, when, and what it is tied to besides its words (the park of its firm)."""

    key: Hashable
    sender: Hashable
    at: datetime
    title: str
    text: str
    ties: frozenset[Entity] = frozenset()


@dataclass(frozen=True, slots=True)
class Rules:
    """When messages make a group.

    So many senders at least, within so many days (0: whenever); each member at least `least` alike to the
    centre, and `cohesion` times as much to the others on average. A title counts `title_weight` times. An
    entity in more than `common_share` of `common_from` messages or more says nothing.
    """

    least_firms: int = 3
    days: int = 30
    least: float = 0.10
    cohesion: float = 0.75
    title_weight: int = 3
    common_share: float = 0.08
    common_from: int = 40
    by_kind: Mapping[str, float] = field(default_factory=dict)  # broad kinds need more likeness

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Rules:
        """Read them from a table (`data/commons`)."""
        named = {name: table[name] for name in cls.__dataclass_fields__ if name in table}
        return cls(by_kind={row["key"]: row["least"] for row in table["kind"] if "least" in row}, **named)

    def is_broad(self, entity: Entity) -> bool:
        """Whether much can be tied to an entity that is not one matter: a road, a bureau, a product."""
        return entity.kind in self.by_kind

    def least_for(self, entity: Entity) -> float:
        """How much alike two messages have to be that are tied to an entity."""
        return self.by_kind.get(entity.kind, self.least)


class Corpus:
    """The messages as weighted runs: how rare a run is counts over all of them."""

    def __init__(self, messages: Sequence[Message], cleaning: Cleaning, rules: Rules) -> None:
        self.messages, self.rules = messages, rules
        self.plain = [
            cleaning("\n".join([message.title] * rules.title_weight + [message.text])) for message in messages
        ]
        self.runs = [grams(text, SIZES) for text in self.plain]
        held = np.concatenate([codes for codes, _ in self.runs]) if messages else np.empty(0, np.int64)
        self.codes, counts = np.unique(held, return_counts=True)
        self.weights = np.log(1 + len(messages) / counts)
        self.days = np.array([message.at.timestamp() / 86400 for message in messages])
        numbers: dict[Hashable, int] = {}
        self.senders = np.array(
            [numbers.setdefault(message.sender, len(numbers)) for message in messages], int
        )

    def vector(self, place: int, without: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the runs of a message, as places among all runs, and their values (of length one)."""
        codes, counts = self.runs[place]
        keep = ~np.isin(codes, without)
        at = np.searchsorted(self.codes, codes[keep])
        values = (1 + np.log(counts[keep])) * self.weights[at]
        length = float(np.sqrt(values @ values))
        return at, (values / length if length else values)


@dataclass(frozen=True, slots=True)
class Best:
    """The best group of a block: its centre and members as places, and what it is worth."""

    centre: int
    places: tuple[int, ...]
    alike: tuple[float, ...]
    worth: float


class Block:
    """The messages of one entity and how alike each two are."""

    def __init__(
        self, entity: Entity, corpus: Corpus, places: Sequence[int], *, all_of_them: bool = False
    ) -> None:
        self.entity, self.corpus = entity, corpus
        newest = sorted(places, key=lambda place: (-corpus.days[place], place))
        newest = newest if all_of_them else newest[:LARGEST]
        self.places = np.array(sorted(newest), int)
        self.held = frozenset(newest)
        self.least = corpus.rules.least_for(entity)
        self._alike: np.ndarray | None = None

    def alike(self) -> np.ndarray:
        """Return the likeness of each two messages, without what they share through the entity's name."""
        if self._alike is None:
            without, _ = grams(plain(self.entity.name), SIZES)
            rows = [self.corpus.vector(place, without) for place in self.places]
            columns = np.unique(np.concatenate([at for at, _ in rows]))
            self._alike = np.zeros((len(rows), len(rows)), np.float32)
            for first in range(0, len(columns), COLUMNS):
                part = columns[first : first + COLUMNS]
                matrix = np.zeros((len(rows), len(part)), np.float32)
                for row, (at, values) in enumerate(rows):
                    inside = (at >= part[0]) & (at <= part[-1])
                    matrix[row, np.searchsorted(part, at[inside])] = values[inside]
                self._alike += matrix @ matrix.T
            np.fill_diagonal(self._alike, 1.0)
        return self._alike

    def best(self, gone: np.ndarray) -> Best | None:
        """Return the best group among the messages that are in none yet, or None."""
        here = np.flatnonzero(~gone[self.places])
        if len(set(self.corpus.senders[self.places[here]])) < self.corpus.rules.least_firms:
            return None
        found = [one for row in here for one in self._around(int(row), here)]
        return max(found, key=lambda one: (one.worth, -one.centre), default=None)

    def _around(self, row: int, here: np.ndarray) -> list[Best]:
        """Return the groups around a centre, one for each window that holds it."""
        rules, days = self.corpus.rules, self.corpus.days[self.places]
        near = here[self.alike()[row, here] >= self.least]
        if len(near) < rules.least_firms:
            return []
        found = []
        for begin in _windows(days[near], float(days[row]), rules.days):
            inside = near[(days[near] >= begin) & (days[near] <= begin + rules.days)] if rules.days else near
            one = self._held_together(row, inside)
            if one is not None:
                found.append(one)
        return found

    def _held_together(self, row: int, rows: np.ndarray) -> Best | None:
        """Return the group without members that only the centre holds; None with too few senders.

        A group is worth the sum of its senders' likeness to the centre, each with the nearest message.
        """
        alike = self.alike()
        while len(rows) >= self.corpus.rules.least_firms:
            among = alike[np.ix_(rows, rows)]
            mean = (among.sum(axis=1) - 1) / (len(rows) - 1)
            mean[rows == row] = 1.0
            weakest = int(mean.argmin())
            if mean[weakest] >= self.least * self.corpus.rules.cohesion:
                break
            rows = np.delete(rows, weakest)
        of_sender: dict[int, float] = {}
        for place, value in zip(self.places[rows], alike[row, rows], strict=True):
            sender = int(self.corpus.senders[place])
            of_sender[sender] = max(of_sender.get(sender, 0.0), float(value))
        if len(of_sender) < self.corpus.rules.least_firms:
            return None
        places = tuple(int(place) for place in self.places[rows])
        likeness = tuple(float(value) for value in alike[row, rows])
        return Best(int(self.places[row]), places, likeness, sum(of_sender.values()))


def _windows(days: np.ndarray, centre: float, length: int) -> list[float]:
    """Return when windows begin that hold the centre: with a message each."""
    if not length:
        return [float(days.min())]
    return sorted({float(day) for day in days if centre - length <= day <= centre})

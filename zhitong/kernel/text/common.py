"""The same matter from several senders within some days: messages are blocked by entity, compared inside a block.

Likeness of whole texts alone puts together what is written alike, not what is about the same thing. So messages
are only compared where they are tied to the same entity, and what they share through its name does not count.
A group has a centre: every member lies within the window and is alike to the centre, so that no chain of small
steps can join two matters. Heat is the number of distinct senders, not of messages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.entities import NAME, Entity, Gazetteer, plain
from zhitong.kernel.text.grams import grams
from zhitong.kernel.text.reasons import stretches

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from datetime import datetime

SIZES = (1, 2)
COLUMNS = 20_000  # runs multiplied at once
BLOCK = 400  # messages of one block that are compared; the newest
SHOWN = 8  # words that explain a group
HALF = 0.5
MOST = 0.6  # of an entity's messages hold a sign before its name: then it belongs to the name


@dataclass(frozen=True, slots=True)
class Message:
    """One text by key, who sent it, and when."""

    key: Hashable
    sender: Hashable
    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Messages about one matter; `centre` is the one that is most like all others.

    `heat` counts distinct senders, `likeness` is the mean of the members' likeness to the centre (0 to 1),
    `shared` are words that at least half of the members hold, `since` and `until` the first and last moment.
    """

    entity: Entity
    centre: Hashable
    members: tuple[Hashable, ...]
    likeness: float
    alike: tuple[float, ...]
    heat: int
    shared: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Rules:
    """When messages make a group: senders at least, days at most, likeness at least, and how titles count."""

    least_firms: int = 3
    days: int = 30  # 0: whenever
    least: float = 0.11
    cohesion: float = 0.8
    title_weight: int = 3
    common_share: float = 0.08
    common_from: int = 40
    by_kind: Mapping[str, float] = field(default_factory=dict)  # broad kinds need more likeness

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> Rules:
        """Read them from a table (`data/commons`)."""
        named = {name: table[name] for name in cls.__dataclass_fields__ if name in table}
        return cls(by_kind={row["key"]: row["least"] for row in table["kind"] if "least" in row}, **named)

    def least_for(self, entity: Entity) -> float:
        """How much alike two messages have to be that are tied to an entity."""
        return self.by_kind.get(entity.kind, self.least)


def groups(
    messages: Sequence[Message],
    gazetteer: Gazetteer,
    rules: Rules | None = None,
    *,
    cleaning: Cleaning = PLAIN,
) -> list[Group]:
    """Return the groups, the hottest first; a message is in one group at most.

    The best group of all blocks is taken first (by the sum of its senders' likeness to the centre), then its
    members leave the other blocks, and so on: what is left is looked at anew.
    """
    rules = rules or Rules()
    corpus = _Corpus(messages, cleaning, rules)
    waiting = {
        entity: _Block(entity, corpus, places)
        for entity, places in _blocks(messages, gazetteer, rules).items()
    }
    found, gone = [], np.zeros(len(messages), bool)
    best = {entity: block.best(gone) for entity, block in waiting.items()}
    while best := {entity: found_one for entity, found_one in best.items() if found_one is not None}:
        entity = max(best, key=lambda name: (best[name].worth, len(name.name), name))
        taken = best[entity]
        found.append(waiting[entity].group(taken))
        gone[list(taken.places)] = True
        touched = {*taken.places}
        for name in [name for name in best if touched & waiting[name].held]:
            best[name] = waiting[name].best(gone)
    return sorted(found, key=lambda group: (-group.heat, -group.likeness))


def _blocks(messages: Sequence[Message], gazetteer: Gazetteer, rules: Rules) -> dict[Entity, list[int]]:
    """Return the messages of each entity that enough senders name.

    What stands before a name is no part of it ("East Road Green Estate" and "Green Estate" are one place):
    each end of a name is tried, and of ends with the same messages the longest is kept. A name is also
    found where its ending is left out.
    """
    named: dict[Entity, set[int]] = defaultdict(set)
    for place, message in enumerate(messages):
        for entity in gazetteer.find(f"{message.title}\n{message.text}"):
            for end in _ends(entity, gazetteer):
                named[end].add(place)
    texts = [plain(f"{message.title}\n{message.text}") for message in messages]
    kept: dict[frozenset[int], Entity] = {}
    for entity, places in sorted(named.items(), key=lambda row: (len(row[0].name), row[0])):
        if len(entity.stem) > gazetteer.shortest and entity.ending and len(places) > 1:
            places |= {place for place, text in enumerate(texts) if entity.stem in text}
        senders = {messages[place].sender for place in places}
        common = len(messages) >= rules.common_from and len(places) > rules.common_share * len(messages)
        if len(senders) >= rules.least_firms and not common:
            kept[frozenset(places)] = _grown(entity, [texts[place] for place in places], gazetteer)
    return {entity: sorted(places) for places, entity in kept.items()}


def _grown(entity: Entity, texts: Sequence[str], gazetteer: Gazetteer) -> Entity:
    """Return a name with the signs before it that most of its messages hold: half a name is none."""
    if not entity.ending:
        return entity
    stem = entity.stem
    while len(stem) < gazetteer.longest:
        before = Counter(
            sign for text in texts for sign in {text[at - 1] for at in _places(text, stem) if at}
        )
        sign, held = before.most_common(1)[0] if before else ("", 0)
        if held <= MOST * len(texts) or not NAME.match(sign) or gazetteer.is_cut(sign + stem):
            break
        stem = sign + stem
    return replace(entity, name=stem + entity.ending)


def _places(text: str, word: str) -> list[int]:
    found, at = [], text.find(word)
    while at >= 0:
        found.append(at)
        at = text.find(word, at + 1)
    return found


def _ends(entity: Entity, gazetteer: Gazetteer) -> list[Entity]:
    if not entity.ending:
        return [entity]
    stems = [entity.stem[cut:] for cut in range(len(entity.stem) - gazetteer.shortest + 1)]
    return [
        Entity(entity.kind, stem + entity.ending, entity.ending)
        for stem in stems
        if stem not in gazetteer.nothing
    ]


class _Corpus:
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
        """Return the runs of a message (as places among all runs) and their values, of length one together."""
        codes, counts = self.runs[place]
        keep = ~np.isin(codes, without)
        at = np.searchsorted(self.codes, codes[keep])
        values = (1 + np.log(counts[keep])) * self.weights[at]
        length = float(np.sqrt(values @ values))
        return at, (values / length if length else values)


@dataclass(frozen=True, slots=True)
class _Best:
    """The best group of a block: its centre and members as places, and what it is worth."""

    centre: int
    places: tuple[int, ...]
    alike: tuple[float, ...]
    worth: float


class _Block:
    """The messages of one entity and how alike each two are."""

    def __init__(self, entity: Entity, corpus: _Corpus, places: Sequence[int]) -> None:
        self.entity, self.corpus = entity, corpus
        newest = sorted(places, key=lambda place: (-corpus.days[place], place))[:BLOCK]
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

    def best(self, gone: np.ndarray) -> _Best | None:
        """Return the best group among the messages that are in none yet, or None."""
        here = np.flatnonzero(~gone[self.places])
        if len(set(self.corpus.senders[self.places[here]])) < self.corpus.rules.least_firms:
            return None
        found = [one for row in here for one in self._around(int(row), here)]
        return max(found, key=lambda one: (one.worth, -one.centre), default=None)

    def _around(self, row: int, here: np.ndarray) -> list[_Best]:
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

    def _held_together(self, row: int, rows: np.ndarray) -> _Best | None:
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
        return _Best(int(self.places[row]), places, likeness, sum(of_sender.values()))

    def group(self, best: _Best) -> Group:
        """Return a group with its words."""
        messages = self.corpus.messages
        members = [messages[place] for place in best.places]
        others = [value for place, value in zip(best.places, best.alike, strict=True) if place != best.centre]
        return Group(
            entity=self.entity,
            centre=messages[best.centre].key,
            members=tuple(message.key for message in members),
            likeness=sum(others) / len(others),
            alike=best.alike,
            heat=len({message.sender for message in members}),
            shared=self._shared(best),
            since=min(message.at for message in members),
            until=max(message.at for message in members),
        )

    def _shared(self, best: _Best) -> tuple[str, ...]:
        """Return the stretches of the centre whose runs at least half of the members hold."""
        without, _ = grams(plain(self.entity.name), SIZES)
        held: dict[int, int] = defaultdict(int)
        for place in best.places:
            for code in self.corpus.runs[place][0]:
                held[int(code)] += 1
        codes = self.corpus.runs[best.centre][0]
        codes = codes[~np.isin(codes, without)]
        weights = self.corpus.weights[np.searchsorted(self.corpus.codes, codes)]
        worth = {
            int(code): float(weight) * held[int(code)]
            for code, weight in zip(codes, weights, strict=True)
            if held[int(code)] > HALF * len(best.places)
        }
        return stretches(self.corpus.plain[best.centre], worth)


def _windows(days: np.ndarray, centre: float, length: int) -> list[float]:
    """Return when windows begin that hold the centre: with a message each."""
    if not length:
        return [float(days.min())]
    return sorted({float(day) for day in days if centre - length <= day <= centre})

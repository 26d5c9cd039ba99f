"""The same matter from several senders within some days: blocked by entity, compared inside the block.

Likeness of whole texts alone puts together what is written alike, not what is about the same thing. So
messages are only compared where they are tied to the same entity. Heat is the number of distinct senders, not
of messages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from zhitong.kernel.text.blocks import LARGEST, Best, Block, Corpus, Message, Rules
from zhitong.kernel.text.clean import PLAIN, Cleaning
from zhitong.kernel.text.entities import NAME, Entity, Gazetteer, plain
from zhitong.kernel.text.grams import grams
from zhitong.kernel.text.reasons import stretches

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from datetime import datetime

WORDS = (2, 3)  # signs of the runs that explain a group
HALF = 0.5
MOST = 0.6  # of an entity's messages hold a sign before its name: then it belongs to the name


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
class Newcomer:
    """A message that belongs to a group that is there already, and how alike it is to its centre (0 to 1)."""

    key: Hashable
    likeness: float


@dataclass(frozen=True, slots=True)
class Known:
    """A group that is there already: what it is tied to, its centre and members by key."""

    entity: Entity
    centre: Hashable
    members: frozenset[Hashable]


def groups(
    messages: Sequence[Message],
    gazetteer: Gazetteer,
    rules: Rules | None = None,
    *,
    cleaning: Cleaning = PLAIN,
) -> list[Group]:
    """Return the groups, the hottest first; a message is in one group at most.

    The best group of all blocks is taken first: of narrow kinds before broad ones (a park before a product),
    then by the sum of its senders' likeness to the centre. Its members leave the other blocks, and what is
    left is looked at anew.
    """
    rules = rules or Rules()
    corpus = Corpus(messages, cleaning, rules)
    waiting = {
        entity: Block(entity, corpus, places)
        for entity, places in _blocks(messages, gazetteer, rules).items()
    }
    found, gone = [], np.zeros(len(messages), bool)
    best = {entity: block.best(gone) for entity, block in waiting.items()}
    while best := {entity: found_one for entity, found_one in best.items() if found_one is not None}:
        entity = max(best, key=lambda one: (not rules.is_broad(one), best[one].worth, len(one.name), one))
        taken = best[entity]
        found.append(_group(waiting[_told_by(taken, waiting, gazetteer)], taken))
        gone[list(taken.places)] = True
        touched = {*taken.places}
        for name in [name for name in best if touched & waiting[name].held]:
            best[name] = waiting[name].best(gone)
    return sorted(found, key=lambda group: (-group.heat, -group.likeness))


def newcomers(
    messages: Sequence[Message],
    known: Mapping[Hashable, Known],
    gazetteer: Gazetteer,
    rules: Rules | None = None,
    *,
    cleaning: Cleaning = PLAIN,
) -> dict[Hashable, list[Newcomer]]:
    """Return the messages that belong to groups that are there already, by the group's key, nearest first.

    A newcomer is tied to the group's entity, alike to its centre as a member has to be, and came within the
    window of one of its members. A message goes to the group whose centre it is most alike to. `messages`
    hold the members too; a group whose centre is not among them has no newcomers.
    """
    if not known:
        return {}
    rules = rules or Rules()
    corpus = Corpus(messages, cleaning, rules)
    at = {message.key: place for place, message in enumerate(messages)}
    taken = {at[key] for group in known.values() for key in group.members if key in at}
    texts = [f"{message.title}\n{message.text}" for message in messages]
    read = [
        (gazetteer.find(text) | message.ties, plain(text))
        for message, text in zip(messages, texts, strict=True)
    ]
    best: dict[int, tuple[float, Hashable]] = {}
    for name, group in known.items():
        if group.centre not in at:
            continue
        members = [at[key] for key in group.members | {group.centre} if key in at]
        fresh = [place for place in _tied(read, group.entity, gazetteer) if place not in taken]
        for place, likeness in _near(corpus, group.entity, at[group.centre], members, fresh):
            best[place] = max(best.get(place, (0.0, name)), (likeness, name), key=lambda pair: pair[0])
    found: dict[Hashable, list[Newcomer]] = defaultdict(list)
    for place, (likeness, name) in sorted(best.items(), key=lambda row: (-row[1][0], row[0])):
        found[name].append(Newcomer(messages[place].key, likeness))
    return dict(found)


def _tied(read: Sequence[tuple[frozenset[Entity], str]], entity: Entity, gazetteer: Gazetteer) -> list[int]:
    """Return the messages that name an entity, or are tied to it; `read` holds their entities and words."""
    stem = entity.stem if entity.ending and len(entity.stem) > gazetteer.shortest else ""
    return [
        place
        for place, (named, text) in enumerate(read)
        if (stem and stem in text) or any(one.names(entity) for one in named)
    ]


def _near(
    corpus: Corpus, entity: Entity, centre: int, members: list[int], fresh: list[int]
) -> list[tuple[int, float]]:
    """Return those of some messages that a group would have had as members, with their likeness."""
    days, rules = corpus.days, corpus.rules
    fresh = [
        place
        for place in fresh
        if not rules.days or min(abs(days[place] - days[member]) for member in members) <= rules.days
    ]
    if not fresh:
        return []
    block = Block(entity, corpus, [centre, *fresh[-LARGEST + 1 :]], all_of_them=True)
    row = int(np.flatnonzero(block.places == centre)[0])
    alike = block.alike()[row]
    return [
        (int(place), float(value))
        for place, value in zip(block.places, alike, strict=True)
        if place != centre and value >= block.least
    ]


def _told_by(best: Best, blocks: Mapping[Entity, Block], gazetteer: Gazetteer) -> Entity:
    """Return what all members of a group are tied to: the first kind, then what ties the fewest."""
    held = [entity for entity, block in blocks.items() if block.held.issuperset(best.places)]
    return min(held, key=lambda one: (gazetteer.rank(one.kind), len(blocks[one].held), len(one.name), one))


def _blocks(messages: Sequence[Message], gazetteer: Gazetteer, rules: Rules) -> dict[Entity, list[int]]:
    """Return the messages of each entity that enough senders name.

    What stands before a name is no part of it ("East Road Green Estate" and "Green Estate" are one place):
    each end of a name is tried, and of ends with the same messages the longest is kept, of different
    things the kind that stands first. A name is also found where its ending is left out.
    """
    named: dict[Entity, set[int]] = defaultdict(set)
    for place, message in enumerate(messages):
        for entity in gazetteer.find(f"{message.title}\n{message.text}") | message.ties:
            for end in _ends(entity, gazetteer):
                named[end].add(place)
    texts = [plain(f"{message.title}\n{message.text}") for message in messages]
    kept: dict[frozenset[int], Entity] = {}

    def later_wins(row: tuple[Entity, set[int]]) -> tuple[int, int, Entity]:
        return -gazetteer.rank(row[0].kind), len(row[0].name), row[0]

    for entity, places in sorted(named.items(), key=later_wins):
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


def _group(block: Block, best: Best) -> Group:
    messages = block.corpus.messages
    members = [messages[place] for place in best.places]
    others = [value for place, value in zip(best.places, best.alike, strict=True) if place != best.centre]
    return Group(
        entity=block.entity,
        centre=messages[best.centre].key,
        members=tuple(message.key for message in members),
        likeness=sum(others) / len(others),
        alike=best.alike,
        heat=len({message.sender for message in members}),
        shared=_shared(block, best),
        since=min(message.at for message in members),
        until=max(message.at for message in members),
    )


def _shared(block: Block, best: Best) -> tuple[str, ...]:
    """Return the stretches of the centre whose runs more than half of the members hold."""
    without, _ = grams(plain(block.entity.name), WORDS)
    held = Counter(int(code) for place in best.places for code in grams(block.corpus.plain[place], WORDS)[0])
    centre = block.corpus.plain[best.centre]
    codes = [int(code) for code in grams(centre, WORDS)[0] if code not in without]
    worth = {code: float(held[code]) for code in codes if held[code] > HALF * len(best.places)}
    return stretches(centre, worth)

"""Codes and names of synthetic firms: each from the firm's number alone, so that no two are alike."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from zhitong.config.synthetic.ranks import step
from zhitong.config.synthetic.records import Caller, Mark
from zhitong.config.synthetic.tables import District, Trade, World
from zhitong.kernel.codes import Size, check_sign
from zhitong.kernel.codes.uscc import ALPHABET

PREFIX = "91"
# Organisation numbers that begin like this are not given out yet, so no real firm has one of these codes.
RESERVED = "MAX"
PLACES = 5
CAPACITY = len(ALPHABET) ** PLACES
WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # of GB 11714
ELEVEN = 11
SIGNS = {sign: int(sign, 36) for sign in ALPHABET}
PAIRS = tuple(first + second for first in ALPHABET for second in ALPHABET)
# What each part of an organisation number adds to the sum of GB 11714.
RESERVED_SUM = sum(SIGNS[sign] * weight for sign, weight in zip(RESERVED, WEIGHTS[:3], strict=True))
MIDDLE_SUMS = tuple(SIGNS[pair[0]] * WEIGHTS[4] + SIGNS[pair[1]] * WEIGHTS[5] for pair in PAIRS)
LAST_SUMS = tuple(SIGNS[pair[0]] * WEIGHTS[6] + SIGNS[pair[1]] * WEIGHTS[7] for pair in PAIRS)
RENAMED = 0.07
ABNORMAL, DISHONEST, UNCHECKED = 0.032, 0.005, 0.025  # of the firms without titles
LOOKED = 30  # days within which somebody looked at the lists


class Namer:
    """Gives the firms of one seed their codes and names."""

    def __init__(self, world: World, seed: int) -> None:
        random = Random(f"{seed}:names")  # noqa: S311 - synthetic data, not a secret
        self._words = world.words
        self._world = world
        self._step = step(CAPACITY, random)
        self._offset = random.randrange(CAPACITY)
        self._coined = len(self._words["first"]) * len(self._words["second"])
        self._coin_step = step(self._coined, random)
        self._coin_offset = random.randrange(self._coined)

    def code(self, index: int, region: str) -> str:
        """Return the code of a firm: every number has its own organisation part."""
        number = (index * self._step + self._offset) % CAPACITY
        rest, low = divmod(number, len(PAIRS))
        high, middle = divmod(rest, len(PAIRS))
        sign = ALPHABET[high]
        total = RESERVED_SUM + SIGNS[sign] * WEIGHTS[3] + MIDDLE_SUMS[middle] + LAST_SUMS[low]
        last = "0123456789X0"[ELEVEN - total % ELEVEN]
        first = f"{PREFIX}{region}{RESERVED}{sign}{PAIRS[middle]}{PAIRS[low]}{last}"
        return first + check_sign(first)

    def coin(self, index: int) -> str:
        """Return a coined word: two signs for the first firms, one more whenever all have been used."""
        first, second = self._words["first"], self._words["second"]
        block, within = divmod(index, self._coined)
        high, low = divmod((within * self._coin_step + self._coin_offset) % self._coined, len(second))
        middle = ""
        while block:
            block, sign = divmod(block - 1, len(second))
            middle = second[sign] + middle
        return first[high] + middle + second[low]

    def name(self, index: int, random: Random, district: District, trade: Trade, form: str) -> str:
        """Return place, coined word, trade, form and the mark of the example."""
        words = self._words
        place = pick(words["places"], random)
        if place.startswith("{"):
            place = district.name
        return f"{place}{self.coin(index)}{pick(trade.words, random)}{form}{pick(words['marks'], random)}"

    def form(self, random: Random, size: Size, *, listed: bool) -> str:
        """Return the form of the company."""
        if listed:
            return self._words["listed_form"]
        big = size in {Size.MEDIUM, Size.LARGE}
        return (self._world.big_forms if big else self._world.forms).at(random.random())

    def former(
        self, name: str, random: Random, founded_on: date, today: date
    ) -> tuple[tuple[str, date], ...]:
        """Return an earlier name with its last day, for some firms: the same with the plain form of old."""
        if random.random() >= RENAMED:
            return ()
        forms = {**self._words["big_forms"], **self._words["forms"]}
        longest = max((form for form in forms if form in name), key=len)
        other = next(form for form in forms if form != longest)
        day = founded_on + (today - founded_on) * (0.1 + 0.8 * random.random())
        return ((name.replace(longest, other), day),)

    def contacts(self, index: int, random: Random) -> tuple[Caller, ...]:
        """Return one or two people to call; the numbers belong to nobody."""
        prefixes = self._words["phones"]
        used = prefixes if random.random() < 0.25 else prefixes[:1]  # noqa: PLR2004 - a share
        return tuple([self._caller(random, f"{prefix}{index % 10000:04d}") for prefix in used])

    def _caller(self, random: Random, phone: str) -> Caller:
        duty = self._world.duties.at(random.random())
        return Caller(f"{pick(self._words['surnames'], random)}{duty}{self._words['marks'][0]}", duty, phone)

    def credit(self, random: Random, today: date, *, clean: bool) -> tuple[Mark, ...]:
        """Return what the two lists say; nothing where nobody looked."""
        chance = random.random()
        if not clean and chance < UNCHECKED:
            return ()
        checked = today - timedelta(days=int(random.random() * LOOKED))
        bad = ""
        if not clean:
            chance -= UNCHECKED
            bad = "abnormal" if chance < ABNORMAL else "dishonest" if chance < ABNORMAL + DISHONEST else ""
        since = checked - timedelta(days=5 + int(random.random() * 700)) if bad else None
        marks = [Mark(kind, "clear", None, checked, source) for kind, source in self._words["credit"].items()]
        for mark in marks:
            if mark.list == bad:
                mark.state, mark.since = "listed", since
        return tuple(marks)


def pick(things: str | list[str] | tuple[str, ...], random: Random) -> str:
    """Return one of several; faster than random.choice."""
    return things[int(random.random() * len(things))]

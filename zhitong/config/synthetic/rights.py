"""Titles, patents and standards of a firm, as its rank has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from zhitong.config.synthetic.names import pick
from zhitong.config.synthetic.ranks import Rank
from zhitong.config.synthetic.records import Held, Patent, Standard
from zhitong.config.synthetic.tables import Trade

VALID = 3  # years
SOON = 90  # days
LONGEST = 1050  # days that the newest titles still last
LEAP_DAY = 29
LAST_MONTH = 31  # days
SPAN = 3650  # days over which rights were granted
# By the highest title: fewest and most inventions, fewest and most other rights.
COUNTS = (
    ("giant", (4, 16, 6, 24)),
    ("champion_national", (6, 20, 8, 30)),
    ("champion_provincial", (4, 14, 6, 24)),
    ("srdi", (2, 8, 4, 16)),
    ("hightech", (1, 3, 3, 9)),
)
FEW = (0, 1, 2, 5)
UNTITLED = 0.12  # firms of industry without a title that have some rights
BOUGHT = 0.08
LEVELS = ("group", "industry", "national", "local", "international")


def titles(random: Random, rank: Rank, at: int, today: date, numbers: Mapping[str, str]) -> tuple[Held, ...]:
    """Return the titles in force, of which some end soon, and those that ended last month."""
    if not rank.titled:
        return ()
    return (
        *[_title(random, kind, at, today, numbers) for kind in rank.titles],
        *[_lapsed(random, kind, at, today, numbers) for kind in rank.lapsed],
    )


def _title(random: Random, kind: str, at: int, today: date, numbers: Mapping[str, str]) -> Held:
    chance = random.random()
    if kind == "library":
        granted = today - timedelta(days=100 + int(chance * 1300))
        return Held(kind, _number(numbers[kind], granted, f"{at + 1:05d}"), granted, None)
    soon = random.random() < 0.06  # noqa: PLR2004 - a share
    days = 2 + int(chance * (SOON - 1)) if soon else SOON + 1 + int(chance * (LONGEST - SOON))
    return _until(kind, at, today + timedelta(days=days), numbers)


def _lapsed(random: Random, kind: str, at: int, today: date, numbers: Mapping[str, str]) -> Held:
    return _until(kind, at, today - timedelta(days=1 + int(random.random() * LAST_MONTH)), numbers)


def _until(kind: str, at: int, end: date, numbers: Mapping[str, str]) -> Held:
    end = end.replace(day=28) if (end.month, end.day) == (2, LEAP_DAY) else end
    granted = end.replace(year=end.year - VALID)
    return Held(kind, _number(numbers[kind], granted, f"{at + 1:05d}"), granted, end)


def _number(pattern: str, day: date, serial: str) -> str:
    return pattern.replace("{year}", str(day.year)).replace("{serial}", serial)


def patents(
    random: Random, rank: Rank, trade: Trade, index: int, days: tuple[date, date], words: Mapping[str, Any]
) -> tuple[Patent, ...]:
    """Return patents and software rights granted between two days, as many as the titles suggest."""
    inventions, others = _how_many(random, rank, trade)
    if not inventions + others:
        return ()
    first, today = days
    span, last = min(SPAN, (today - first).days - 30), today.toordinal() - 1
    found = []
    for at in range(inventions + others):
        kind = _kind(random, trade, invention=at < inventions)
        day = date.fromordinal(last - int(random.random() * span))
        patterns = words["rights"]["method" if trade.soft and kind == "invention" else kind]
        name = pick(patterns, random).replace("{product}", pick(trade.products, random))
        bought = None
        if random.random() < BOUGHT:
            bought = date.fromordinal(last - int(random.random() * (last - day.toordinal())))
        number = _number(words["numbers"][kind], day, f"{index:07d}{at:02d}")
        found.append(Patent(number, kind, name, day, bought))
    return tuple(found)


def _how_many(random: Random, rank: Rank, trade: Trade) -> tuple[int, int]:
    if not trade.industry or not (rank.titled or random.random() < UNTITLED):
        return 0, 0
    if not rank.titled:
        return 0, 1 + int(random.random() * 3)
    low, high, least, most = _bounds(rank.titles)
    return low + int(random.random() * (high - low + 1)), least + int(random.random() * (most - least + 1))


@cache
def _bounds(titles: tuple[str, ...]) -> tuple[int, int, int, int]:
    return next((row for kind, row in COUNTS if kind in titles), FEW)


def _kind(random: Random, trade: Trade, *, invention: bool) -> str:
    if invention:
        return "invention"
    if trade.soft:
        return "software"
    chance = random.random()
    return "utility" if chance < 0.8 else "design" if chance < 0.93 else "software"  # noqa: PLR2004 - shares


def standards(
    random: Random, rank: Rank, trade: Trade, index: int, days: tuple[date, date], words: Mapping[str, Any]
) -> tuple[Standard, ...]:
    """Return the standards that a firm helped to write: several for champions and giants, few for others."""
    top = rank.top
    if not top and random.random() >= (0.3 if "srdi" in rank.titles else 0.03 if rank.titled else 0):
        return ()
    found = []
    for at in range(1 + int(random.random() * (4 if top else 2))):
        level = LEVELS[int(random.random() ** 1.5 * len(LEVELS))]
        day = days[1] - (days[1] - days[0]) * (random.random() * 0.6) - timedelta(days=1)
        role = "leads" if random.random() < (0.4 if top else 0.15) else "takes_part"
        name = pick(words["rights"]["standard"], random).replace("{product}", pick(trade.products, random))
        number = _number(words["numbers"][level], day, f"{index:07d}{at}")
        found.append(Standard(number, name, level, role, day))
    return tuple(found)

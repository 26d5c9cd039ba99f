"""The firms of a synthetic city, one by one: the same seed, number and count always give the same firm."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from random import Random

from zhitong.config.synthetic import figures, rights
from zhitong.config.synthetic.names import CAPACITY, Namer, pick
from zhitong.config.synthetic.ranks import Plan, Rank
from zhitong.config.synthetic.records import Firm
from zhitong.config.synthetic.tables import FEN, SIZES, District, Trade, Weighted, world
from zhitong.kernel.codes import Size

GROUP = 40  # one firm in so many can head a group of those that follow it
CHILD = 0.04
# Shares of micro, small, medium and large firms by what the firm's place asks; together 45 / 42 / 10 / 3.
CLASSES = {
    "lead": Weighted(zip(SIZES, (0, 0, 0, 1), strict=True)),
    "champion": Weighted(zip(SIZES, (0, 0, 0.5, 0.5), strict=True)),
    "giant": Weighted(zip(SIZES, (0, 0.3, 0.7, 0), strict=True)),
    "srdi": Weighted(zip(SIZES, (0, 0.7, 0.3, 0), strict=True)),
    "titled": Weighted(zip(SIZES, (0, 0.785, 0.175, 0.04), strict=True)),
    "head": Weighted(zip(SIZES, (0, 0.5, 0.4, 0.1), strict=True)),
    "plain": Weighted(zip(SIZES, (0.72, 0.24, 0.037, 0.003), strict=True)),
}
LISTINGS = (("bse", "neeq", "neeq"), ("sse", "sse", "szse", "szse", "hkex"))  # of giants, of lead firms
SETTLED, YOUNGEST, OLDEST = 12, 7, 27  # years: of giants and champions, of any titled firm, of the oldest
DAYS = 365.25


def firms(*, count: int, seed: int, today: date) -> Iterator[Firm]:
    """Yield all firms of a city, in constant memory."""
    city = _city(count, seed, today)
    return (city.firm(index) for index in range(count))


def firm(index: int, *, count: int, seed: int, today: date) -> Firm:
    """Return one firm of a city without the others; IndexError for a number that the city does not have."""
    if not 0 <= index < count:
        raise IndexError(f"There is no firm {index} among {count}.")
    return _city(count, seed, today).firm(index)


class City:
    """What the firms of one city have in common."""

    def __init__(self, count: int, seed: int, today: date) -> None:
        if not 1 <= count <= CAPACITY:
            raise ValueError(f"A city has 1 to {CAPACITY} firms, not {count}.")
        self._today = today
        self._world = world()
        self._plan = Plan(count, seed)
        self._namer = Namer(self._world, seed)
        self._seed = int.from_bytes(sha256(f"firms:{seed}".encode()).digest()[:8], "big") << 64
        self._years = range(today.year - 1, today.year - 1 - figures.YEARS, -1)
        self._evidence = {
            (source, year): text.replace("{year}", str(year))
            for source, text in self._world.words["evidence"].items()
            for year in self._years
        }

    def firm(self, index: int) -> Firm:
        """Return the firm with this number."""
        random = Random(self._seed + index)  # noqa: S311 - synthetic data, not a secret
        district = self._world.districts.at(random.random())  # first, see _parent
        at, rank = self._plan.rank(index)
        trade = (district.titled if rank.titled else district.untitled).at(random.random())
        asks = "head" if rank.asks == "plain" and not index % GROUP else rank.asks
        size = CLASSES[asks].at(random.random())
        founded_on = _founded(random, rank, self._today)
        form = self._namer.form(random, size, listed=rank.listed)
        found = self._register(index, random, district, trade, form)
        found.founded_on = founded_on
        found.former_names = self._namer.former(found.name, random, founded_on, self._today)
        found.park = _park(random, district, rank)
        found.listing, found.stock_code = self._listing(random, rank, at)
        found.tags = self._tags(random, rank)
        self._measure(random, found, rank, trade, size)
        self._adorn(random, found, (at, rank), trade, index)
        return found

    def _register(self, index: int, random: Random, district: District, trade: Trade, form: str) -> Firm:
        """Draw what stands on the licence; the rest is filled in afterwards."""
        words = self._world.words
        street, street_name = district.streets[int(random.random() ** 1.4 * len(district.streets))]
        number = f"{words['road']}{1 + int(random.random() * 998)}{words['number']}"
        activity = pick(trade.codes, random)
        return Firm(
            code=self._namer.code(index, district.region),
            name=self._namer.name(index, random, district, trade, form),
            former_names=(),
            region=district.region,
            street=street,
            park="",
            address=f"{district.name}{street_name}{number}",
            activity=activity,
            further=_further(random, trade, activity),
            founded_on=self._today,
            capital=None,
            listing="",
            stock_code="",
            products=_products(random, trade),
            tags=(),
            facts=(),
            titles=(),
            patents=(),
            standards=(),
            credit=(),
            contacts=self._namer.contacts(index, random),
            parent_code=self._parent(random, index),
        )

    def _measure(self, random: Random, found: Firm, rank: Rank, trade: Trade, size: Size) -> None:
        """Draw the figures of the years in which the firm stood."""
        sizes = figures.drawn(random, trade, size)
        kept = figures.habits(random, trade, rank, sizes.revenue)
        years = range(self._years[0], max(self._years[-1], found.founded_on.year) - 1, -1)
        found.capital = _capital(random, sizes.revenue)
        found.facts = figures.facts(random, rank, sizes, kept, years, self._evidence)

    def _adorn(self, random: Random, found: Firm, place: tuple[int, Rank], trade: Trade, index: int) -> None:
        """Draw titles, rights and what the lists of bad credit say."""
        at, rank = place
        words, days = self._world.words, (found.founded_on, self._today)
        found.titles = rights.titles(random, rank, at, self._today, words["numbers"])
        found.patents = rights.patents(random, rank, trade, index, days, words)
        found.standards = rights.standards(random, rank, trade, index, days, words)
        found.credit = self._namer.credit(random, self._today, clean=rank.titled)

    def _listing(self, random: Random, rank: Rank, at: int) -> tuple[str, str]:
        if not rank.listed:
            return "", ""
        listing = pick(LISTINGS[0 if "giant" in rank.titles else 1], random)
        return listing, f"{self._world.words['stock'][listing]}{at:02d}"

    def _tags(self, random: Random, rank: Rank) -> tuple[str, ...]:
        words = self._world.words["tags"]
        by_chance = [word for word, share in words["chance"] if random.random() < share]
        return (*([words["lead"]] * rank.lead), *([words["master"]] * rank.master), *by_chance)

    def _parent(self, random: Random, index: int) -> str:
        """The code of the group's head, for some; a firm's region is the first thing drawn."""
        head = index - index % GROUP
        if head == index or random.random() >= CHILD:
            return ""
        first = Random(self._seed + head).random()  # noqa: S311 - synthetic data, not a secret
        return self._namer.code(head, self._world.districts.at(first).region)


@lru_cache(maxsize=8)
def _city(count: int, seed: int, today: date) -> City:
    return City(count, seed, today)


def _founded(random: Random, rank: Rank, today: date) -> date:
    """Old enough for the titles, and for others at least a year ago."""
    if rank.titled:
        least = SETTLED if rank.lead or rank.top else YOUNGEST
        age = least + random.random() ** 1.5 * (OLDEST - least)
    else:
        age = min(OLDEST + 3, 1.01 + random.expovariate(1 / 8))
    return today - timedelta(days=int(age * DAYS))


def _park(random: Random, district: District, rank: Rank) -> str:
    inside = random.random() < (0.6 if rank.titled else 0.25)
    return pick(district.parks, random) if inside and district.parks else ""


def _further(random: Random, trade: Trade, activity: str) -> tuple[str, ...]:
    """Up to two other activities of the same trade."""
    chance = random.random()
    if chance > 0.3:  # noqa: PLR2004 - a share
        return ()
    others = {pick(trade.codes, random) for _ in range(2 if chance < 0.1 else 1)}  # noqa: PLR2004 - a share
    return tuple(sorted(others - {activity}))


def _capital(random: Random, revenue: int) -> int | None:
    """Round to 100,000 or a million yuan; unknown for some."""
    if random.random() < 0.02:  # noqa: PLR2004 - a share
        return None
    exact = revenue * (0.05 + 0.35 * random.random())
    grain = (100 if exact > 1000 * FEN else 10) * FEN
    return max(10 * FEN, int(exact // grain * grain))


def _products(random: Random, trade: Trade) -> tuple[str, ...]:
    first = int(random.random() * len(trade.products))
    return (trade.products[first:] + trade.products[:first])[: 1 + int(random.random() * 3)]

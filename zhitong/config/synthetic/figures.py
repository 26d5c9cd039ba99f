"""Three years of facts: size first, then figures that fit it and each other, then gaps and contradictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from zhitong.config.synthetic.ranks import Rank
from zhitong.config.synthetic.records import Stated
from zhitong.config.synthetic.tables import Bounds, Trade
from zhitong.kernel.codes import Size

YEARS = 3
DESIGNATED = 2_000_000_000  # fen
GRAIN = 100_000  # fen: the statistics ask for thousands of yuan
TOP = 9  # how far the largest firms lie above the bound of their class
THIN = 0.1  # micro firms with many people and little revenue
NOTHING = 0.047  # of the firms without titles: no facts at all
LACKS_YEAR, LACKS_KIND = 0.04, 0.08
DISPUTED = 0.06
TEN_THOUSAND = 10_000
KINDS = ("revenue", "main_revenue", "profit", "assets", "liabilities", "tax", "rd_spend", "exports")
Evidence = Mapping[tuple[str, int], str]


@dataclass(slots=True)
class Sizes:
    """The measures of the last complete year: people, and money in fen."""

    people: int
    revenue: int
    assets: int


@dataclass(slots=True)
class Habits:
    """Ratios that a firm keeps over the years; None where it does not do the thing and does not say so."""

    main: float
    margin: float
    tax: float
    debt: float
    growth: float
    rd: float | None
    exports: float | None
    no_exports: bool


def drawn(random: Random, trade: Trade, size: Size) -> Sizes:
    """Draw measures that make the firm exactly of this size; people and revenue go together."""
    bounds = trade.bounds[size]
    noise = random.lognormvariate(0, 0.4)
    if "people" in bounds:
        people = _between(random, bounds["people"], size)
        revenue = int(people * trade.head * noise)
    else:
        revenue = _between(random, bounds["revenue"], size)
        people = max(1, int(revenue / (trade.head * noise)))
    if "revenue" in bounds:
        revenue = max(revenue, int(bounds["revenue"].low * (1 + 0.3 * random.random())))
        if size is Size.MICRO and "people" in bounds and random.random() < THIN:
            people = int(bounds["people"].high * (1 + random.random()))
            revenue = int(bounds["revenue"].high * (0.3 + 0.6 * random.random()))
    assets = int(revenue * (0.5 + 1.3 * random.random()))
    if "assets" in bounds:
        assets = max(assets, int(bounds["assets"].low * (1 + 0.3 * random.random())))
    return Sizes(people, revenue, assets)


def _between(random: Random, bounds: Bounds, size: Size) -> int:
    """Draw between two bounds with a long tail: as many between 1 and 3 as between 3 and 9."""
    chance = random.random()
    if size is Size.LARGE:
        return int(bounds.low * TOP ** (chance * chance))
    low = bounds.low or max(1, bounds.high // 30)
    return min(bounds.high - 1, int(low * (bounds.high / low) ** chance))


def habits(random: Random, trade: Trade, rank: Rank, revenue: int) -> Habits:
    """Draw the ratios of a firm: titles ask for research, a main business and better results."""
    titled, designated = rank.titled, revenue >= DESIGNATED
    rd: float | None = None
    if trade.industry and (titled or random.random() < 0.4):  # noqa: PLR2004 - a share
        rd = min(0.4, trade.rd * (0.5 + random.random()) * (1.6 if titled else 0.8))
        if rank.top:
            rd = max(rd, 0.034 + 0.02 * random.random())
    elif designated:
        rd = 0.0
    exporting = random.random() < trade.exports * (1.2 if designated else 0.6)
    share = 0.05 + 0.65 * random.random()
    none = random.random()
    return Habits(
        main=min(1.0, (0.72 if titled else 0.6) + 0.45 * random.random()),
        margin=min(0.18, max(-0.08, random.normalvariate(trade.margin + 0.02 * titled, 0.05))),
        tax=0.015 + 0.045 * random.random(),
        debt=0.2 + (0.5 if titled else 0.7) * random.random(),
        growth=min(0.7, max(-0.35, random.normalvariate(0.1 if titled else 0.05, 0.15))),
        rd=rd,
        exports=share if exporting else 0.0 if designated and none < 0.5 else None,  # noqa: PLR2004 - a share
        no_exports=not exporting and none > 0.7,  # noqa: PLR2004 - a share
    )


def facts(
    random: Random, rank: Rank, sizes: Sizes, kept: Habits, years: range, evidence: Evidence
) -> tuple[Stated, ...]:
    """Return what is stated about the years (newest first), the strongest source of each kind first."""
    chance = random.random()
    if not years or (not rank.titled and chance < NOTHING):
        return ()
    designated = sizes.revenue >= DESIGNATED
    source = "audit" if rank.titled else "statistics" if designated else "tax"
    counted = "statistics" if designated else "tax"
    chance = random.random()
    lost = years[int(random.random() * len(years))] if chance < LACKS_YEAR and len(years) > 1 else 0
    lacks = KINDS[int(random.random() * len(KINDS))] if LACKS_YEAR <= chance < LACKS_KIND else ""
    stated: list[Stated] = []
    for year, people, values in _years(random, sizes, kept, years):
        if year == lost:
            continue
        stated += _year(str(year), source, values, lacks, evidence[source, year], kept)
        stated += _heads(str(year), counted, people, kept.rd, evidence[counted, year])
    if random.random() < DISPUTED:
        stated.append(_other(random, stated, evidence))
    return tuple(stated)


def _years(
    random: Random, sizes: Sizes, kept: Habits, years: range
) -> Iterator[tuple[int, int, tuple[int | None, ...]]]:
    """Walk back from the last year; the money stands in the order of KINDS."""
    people, revenue, assets, growth = sizes.people, sizes.revenue, sizes.assets, kept.growth
    for year in years:
        chance = random.random()
        margin = min(0.18, max(-0.08, kept.margin + 0.03 * (chance - 0.5)))
        debt = min(0.9, max(0.2, kept.debt + 0.06 * (chance - 0.5)))
        rd = None if kept.rd is None else int(revenue * kept.rd * (0.9 + 0.2 * chance))
        exports = None if kept.exports is None else int(revenue * kept.exports)
        main, profit, tax = int(revenue * kept.main), int(revenue * margin), int(revenue * kept.tax)
        yield year, people, (revenue, main, profit, assets, int(assets * debt), tax, rd, exports)
        revenue = int(revenue / (1 + growth))
        people = max(1, round(people / (1 + growth / 2)))
        assets = int(assets / (1 + growth * 0.7))
        growth = min(0.7, max(-0.35, growth + 0.2 * (random.random() - 0.5)))


def _year(
    period: str, source: str, values: tuple[int | None, ...], lacks: str, evidence: str, kept: Habits
) -> list[Stated]:
    if source == "statistics":
        values = tuple([value and value // GRAIN * GRAIN for value in values])
    stated = [
        Stated(kind, period, source, "known", value, evidence)
        for kind, value in zip(KINDS, values, strict=True)
        if value is not None and kind != lacks
    ]
    if kept.no_exports and lacks != "exports":
        stated.append(Stated("exports", period, source, "not_applicable", None, evidence))
    return stated


def _heads(period: str, source: str, people: int, rd: float | None, evidence: str) -> list[Stated]:
    stated = [Stated("people", period, source, "known", people, evidence)]
    if rd is not None:
        researching = min(people, round(people * min(0.6, rd * 3 + 0.04))) if rd else 0
        stated.append(Stated("rd_people", period, source, "known", researching, evidence))
    return stated


def _other(random: Random, stated: list[Stated], evidence: Evidence) -> Stated:
    """Let a weaker source say something else: a tenth more, or the mistake of a unit."""
    told = [one for one in stated if one.kind in {"revenue", "people"}]
    one = told[int(random.random() * len(told))]
    source = "firm" if random.random() < 0.6 else "import"  # noqa: PLR2004 - a share
    value = int((one.value or 0) * (1.03 + 0.17 * random.random())) + 1
    if one.kind == "revenue" and source == "import" and random.random() < 0.6:  # noqa: PLR2004 - a share
        many = random.random() < 0.5  # noqa: PLR2004 - a share
        value = (one.value or 0) * TEN_THOUSAND if many else (one.value or 0) // TEN_THOUSAND
    return Stated(one.kind, one.period, source, "known", value, evidence[source, int(one.period)])

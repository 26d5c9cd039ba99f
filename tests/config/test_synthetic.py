"""Synthetic firms are plausible, never real, and the same for the same seed."""

from __future__ import annotations

import itertools
import random
import tracemalloc
from collections import Counter
from datetime import timedelta

import pytest

from tests.support import firms
from tests.support.firms import CITY, SEED, SOURCES, TODAY, share, size_of, strongest
from zhitong.config import synthetic
from zhitong.config.synthetic import names, tables
from zhitong.enterprises import states as codes
from zhitong.kernel.codes import Size
from zhitong.kernel.codes.uscc import problem

MANY = 20_000
REAL = (
    "高意", "福晶", "新大陆", "福光", "福耀", "恒申", "永荣", "长源", "东南汽车", "瑞芯微", "星网锐捷", "网龙", "宁德时代",
)  # fmt: skip


@pytest.fixture(scope="module")
def city() -> tuple[synthetic.Firm, ...]:
    return firms.city()


# ---------------------------------------------------------------- the same, and no two alike


def test_a_firm_depends_on_seed_and_number_alone(city) -> None:
    order = random.Random(SEED).sample(range(CITY), 300)
    assert all(synthetic.firm(at, count=CITY, seed=SEED, today=TODAY) == city[at] for at in order)
    assert synthetic.firm(0, count=CITY, seed=SEED + 1, today=TODAY) != city[0]
    assert synthetic.firm(0, count=CITY, seed=SEED, today=TODAY - timedelta(days=400)) != city[0]


def test_a_number_outside_the_city_is_refused() -> None:
    for index in (-1, 10):
        with pytest.raises(IndexError):
            synthetic.firm(index, count=10, seed=SEED, today=TODAY)
    for count in (0, names.CAPACITY + 1):
        with pytest.raises(ValueError, match="A city has"):
            synthetic.firms(count=count, seed=SEED, today=TODAY)


def test_codes_are_valid_and_distinct() -> None:
    some = synthetic.firms(count=MANY, seed=SEED, today=TODAY)
    pairs = [(firm.code, firm.region) for firm in some]
    assert not [code for code, _ in pairs if problem(code)]
    assert all(code[2:8] == region for code, region in pairs)
    assert len({code for code, _ in pairs}) == MANY
    assert len({region for _, region in pairs}) == 13


def test_codes_do_not_repeat_far_out() -> None:
    namer = names.Namer(tables.world(), SEED)
    some = random.Random(SEED).sample(range(names.CAPACITY), 20_000)
    assert len({namer.code(index, "350102")[8:17] for index in some}) == len(some)
    assert len({namer.coin(index) for index in some}) == len(some)


def test_memory_does_not_grow_with_the_number() -> None:
    next(synthetic.firms(count=10, seed=SEED, today=TODAY))

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in synthetic.firms(count=count, seed=SEED, today=TODAY):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak(1500), peak(6000)
    # Keeping the firms would cost some 20 MB more; the peak itself is the biggest single firm.
    assert many < few + 200_000, (few, many)


# ---------------------------------------------------------------- names and places


def test_names_are_marked_and_not_real(city) -> None:
    for firm in city:
        told = " ".join([firm.name, *(name for name, _ in firm.former_names)])
        assert "(示例)" in firm.name or "（示例）" in firm.name
        assert all(name not in told for name in REAL), told
        assert all("示例" in name for name, _ in firm.former_names)
        assert "示例路" in firm.address
        assert all(
            "示例" in caller.name and caller.phone[:7] in {"1390000", "1990000"} for caller in firm.contacts
        )
    assert CITY - len({firm.name for firm in city}) < CITY / 1000


def test_no_coined_word_is_a_real_name() -> None:
    words = tables.world().words
    pairs = {first + second for first in words["first"] for second in words["second"]}
    texts = pairs | {place + sign for place in words["places"] for sign in words["first"]}
    texts |= {sign + word for sign in words["second"] for row in words["trade"] for word in row["words"]}
    assert not [text for text in texts if any(name in text for name in REAL)]


def test_places_and_activities_exist(city) -> None:
    table = codes.activities()
    streets = tables.streets()
    assert sum(len(rows) for rows in streets.values()) == 186
    for firm in city:
        assert firm.street in {code for code, _ in streets[firm.region]}
        assert firm.address.startswith(tables.world().district_names[firm.region])
        assert all(table.by_code[code].level == 4 for code in (firm.activity, *firm.further))
        assert not firm.park or firm.park in tables.world().park_names


def test_every_trade_of_the_data_file_exists() -> None:
    table = codes.activities()
    for row in tables.world().words["trade"]:
        assert row["division"] in table.by_code
        assert all(
            code in table.by_code and code.startswith(row["division"]) for code in row.get("codes", ())
        )


def test_industry_depends_on_the_district(city) -> None:
    def part(region: str, *divisions: str) -> float:
        here = [firm.activity for firm in city if firm.region == region]
        return share(sum(code.startswith(divisions) for code in here), len(here))

    for region, divisions in {
        "350112": ("C17", "C28"), "350121": ("C36",), "350102": ("I6",), "350122": ("C13",), "350105": ("C39", "C40"),
        "350123": ("C30", "C31"),
    }.items():  # fmt: skip
        assert part(region, *divisions) > 2 * share(sum(one.activity.startswith(divisions) for one in city))
    sections = Counter(firm.activity[0] for firm in city)
    assert 0.74 < share(sections["C"]) < 0.82
    assert 0.08 < share(sections["I"]) < 0.12
    regions = Counter(firm.region for firm in city)
    assert max(regions.values()) > 5 * min(regions.values()) > 0


# ---------------------------------------------------------------- sizes and facts


def test_sizes_are_those_of_the_standard(city) -> None:
    sizes = Counter(size_of(firm) for firm in city)
    known = CITY - sizes.pop(Size.UNKNOWN, 0)
    assert known > 0.9 * CITY
    for size, low, high in (
        (Size.MICRO, 0.42, 0.48), (Size.SMALL, 0.39, 0.45), (Size.MEDIUM, 0.08, 0.12), (Size.LARGE, 0.022, 0.038),
    ):  # fmt: skip
        assert low < share(sizes.pop(size), known) < high, size
    assert not sizes


def test_facts_fit_each_other(city) -> None:
    for firm in city:
        known = strongest(firm)
        # The strongest source stands first.
        assert known == {(one.kind, one.period): one.value for one in reversed(firm.facts)}
        for (kind, period), value in known.items():
            if kind in {"main_revenue", "rd_spend", "exports", "tax"} and value is not None:
                assert value <= known.get(("revenue", period), value)
            if kind == "rd_people":
                assert value <= known["people", period]
            if kind == "liabilities" and ("assets", period) in known:
                assert 0.19 < value / (known["assets", period] or 1) < 0.91
            if kind == "profit" and ("revenue", period) in known:
                assert -0.09 < value / known["revenue", period] < 0.19
            assert value is None or value >= 0 or kind == "profit"
            assert int(period) >= firm.founded_on.year


def test_statements_use_the_words_of_the_table(city) -> None:
    for one in itertools.chain.from_iterable(firm.facts for firm in city):
        assert one.kind in SOURCES["kind"]
        assert one.source in SOURCES["sources"]
        assert (one.value is None) == (one.state == "not_applicable")
        assert one.state in {"known", "not_applicable"}
        assert abs(one.value or 0) < 2**63
        assert one.period in {"2023", "2024", "2025"}
        assert one.period in one.evidence


def test_sources_follow_size_and_titles(city) -> None:
    for firm in city:
        revenue = strongest(firm).get(("revenue", "2025"))
        if revenue is None:
            continue
        source = next(one.source for one in firm.facts if (one.kind, one.period) == ("revenue", "2025"))
        assert source == ("audit" if firm.titles else "statistics" if revenue >= 2_000_000_000 else "tax")


def test_gaps_and_contradictions(city) -> None:
    empty = [firm for firm in city if not firm.facts]
    assert 0.02 < share(len(empty)) < 0.04
    always = {"revenue", "main_revenue", "profit", "assets", "liabilities", "tax", "people"}
    gaps = disputes = mistakes = 0
    for firm in city:
        said: dict[tuple[str, str], set] = {}
        for one in firm.facts:
            said.setdefault((one.kind, one.period), set()).add(one.value)
        disputes += any(len(values) > 1 for values in said.values())
        mistakes += any(max(v) > 1000 * min(v) for v in said.values() if len(v) > 1 and min(v) > 0)
        due = {(kind, str(year)) for kind in always for year in range(max(2023, firm.founded_on.year), 2026)}
        gaps += bool(firm.facts) and bool(due - said.keys())
    assert 0.045 < share(disputes) < 0.07
    assert 0.005 < share(mistakes) < 0.02
    assert 0.05 < share(gaps) < 0.09
    assert any(one.state == "not_applicable" for firm in city for one in firm.facts)

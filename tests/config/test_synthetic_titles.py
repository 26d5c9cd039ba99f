"""Titles of synthetic firms: the numbers of the article, held by firms that could hold them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from tests.support import firms
from tests.support.firms import SEED, TODAY, in_force, share, size_of
from zhitong.config import synthetic
from zhitong.config.synthetic import ranks
from zhitong.kernel.codes import Size


@pytest.fixture(scope="module")
def city() -> tuple[synthetic.Firm, ...]:
    return firms.city()


# ---------------------------------------------------------------- titles


def test_titles_have_the_numbers_of_the_article(city) -> None:
    held = Counter(kind for firm in city for kind in in_force(firm))
    assert held == {
        "champion_national": 10, "champion_provincial": 62, "giant": 40, "srdi": 150, "library": 2013,
        "hightech": 900, "innovative": 1200,
    }  # fmt: skip
    assert sum("龙头" in firm.tags for firm in city) == 60
    assert sum(bool(firm.listing) for firm in city) == 40
    codes_of_stock = [firm.stock_code for firm in city if firm.listing]
    assert all(codes_of_stock)
    assert len(set(codes_of_stock)) == 40


@pytest.mark.parametrize("count", [1, 7, 100, 999, 13_000])
def test_titles_are_scaled(count: int) -> None:
    some = synthetic.firms(count=count, seed=SEED, today=TODAY)
    held = Counter(kind for firm in some for kind in in_force(firm))
    wanted = ranks.numbers(count)
    assert held == {kind: wanted[kind] for kind in ranks.TITLES if wanted[kind]}
    assert count < 100 or min(held.values()) >= 1


def test_the_library_holds_the_others(city) -> None:
    for firm in city:
        held = in_force(firm)
        if held & {"giant", "srdi", "champion_national", "champion_provincial"}:
            assert "library" in held
        if "giant" in held:
            assert "srdi" in {one.kind for one in firm.titles}
            assert sum(patent.kind == "invention" for patent in firm.patents) >= 4
            assert size_of(firm) is not Size.LARGE


def test_titled_firms_are_plausible(city) -> None:
    for firm in (one for one in city if one.titles):
        assert firm.activity[0] in "CI"
        assert size_of(firm) is not Size.MICRO
        first = min(held.granted_on for held in firm.titles)
        assert firm.founded_on < first - timedelta(days=365)
        assert firm.founded_on < TODAY - timedelta(days=3 * 365)
        assert firm.patents
        assert any(one.kind == "rd_people" and one.value for one in firm.facts)
        assert all(mark.state == "clear" for mark in firm.credit)
        assert all(firm.founded_on < patent.granted_on < TODAY for patent in firm.patents)
        assert all((patent.acquired_on or TODAY) >= patent.granted_on for patent in firm.patents)


def test_some_titles_end_soon_and_some_have_ended(city) -> None:
    ends = [held.expires_on for firm in city for held in firm.titles if held.expires_on]
    assert 20 < sum(TODAY - timedelta(days=33) <= end < TODAY for end in ends) < 120
    assert 50 < sum(TODAY < end <= TODAY + timedelta(days=90) for end in ends) < 300
    for held in (one for firm in city for one in firm.titles if one.expires_on):
        assert held.expires_on == held.granted_on.replace(year=held.granted_on.year + 3)


def test_numbers_of_rights_are_distinct(city) -> None:
    for group in ("patents", "titles", "standards"):
        found = [one.number for firm in city for one in getattr(firm, group)]
        assert found
        assert len(found) == len(set(found)), group


def test_large_firms_lead(city) -> None:
    assert {size_of(firm) for firm in city if "龙头" in firm.tags} <= {Size.LARGE, Size.UNKNOWN}
    assert all("股份有限公司" in firm.name for firm in city if firm.listing)


def test_credit_and_groups(city) -> None:
    lists = Counter(mark.list for firm in city for mark in firm.credit if mark.state == "listed")
    assert 0.013 < share(lists["abnormal"]) < 0.027
    assert 0.001 < share(lists["dishonest"]) < 0.006
    assert 0.005 < share(sum(not firm.credit for firm in city)) < 0.03
    assert all((mark.since is None) == (mark.state == "clear") for firm in city for mark in firm.credit)
    earlier: set[str] = set()
    children = 0
    for firm in city:
        assert not firm.parent_code or firm.parent_code in earlier
        children += bool(firm.parent_code)
        earlier.add(firm.code)
    assert 0.02 < share(children) < 0.06

"""Size classes at every bound, and what happens where a measure is missing."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.source import ROOT
from zhitong.kernel.codes import (
    Size,
    StandardError,
    above_designated_size,
    classify,
    parse_lines,
    parse_standard,
)
from zhitong.kernel.codes.size import CLASSES

FILE = ROOT / "data/codes/size-2011.toml"
STANDARD = parse_standard(tomllib.loads(FILE.read_text(encoding="utf-8")))
LINES = parse_lines(tomllib.loads((ROOT / "data/codes/scale-2011.toml").read_text(encoding="utf-8")))
DOCUMENT: dict[str, Any] = tomllib.loads(Path(FILE).read_text(encoding="utf-8"))
CASES = [
    ("C3985", {"people": 1000, "revenue": 40000}, Size.LARGE),
    ("C3985", {"people": 999, "revenue": 500000}, Size.MEDIUM),
    ("C3985", {"people": 2000, "revenue": 39999}, Size.MEDIUM),
    ("C3985", {"people": 300, "revenue": 2000}, Size.MEDIUM),
    ("C3985", {"people": 299, "revenue": 50000}, Size.SMALL),
    ("C3985", {"people": 19, "revenue": 80000}, Size.MICRO),
    ("C3985", {"people": 20, "revenue": Decimal("299.99")}, Size.MICRO),
    ("I6513", {"people": 103, "revenue": Decimal("15735.28")}, Size.MEDIUM),  # a real dispute about a bid
    ("I6513", {"people": 300, "revenue": 10000}, Size.LARGE),
    ("E4710", {"revenue": 6000, "assets": 4999}, Size.SMALL),
    ("K7010", {"revenue": 150000, "assets": 12000}, Size.MEDIUM),
    ("K7010", {"revenue": 200000, "assets": 10000}, Size.LARGE),
    ("L7212", {"people": 350, "assets": 119999}, Size.MEDIUM),
    ("F5111", {"people": 200, "revenue": 40000}, Size.LARGE),
    ("M7310", {"people": 300}, Size.LARGE),
    ("A0111", {"revenue": 500}, Size.MEDIUM),
    ("K7020", {"people": 300, "revenue": 999}, Size.SMALL),
]


@pytest.mark.parametrize(("activity", "measured", "size"), CASES)
def test_the_worked_examples(activity: str, measured: dict[str, Any], size: Size) -> None:
    assert classify(STANDARD, activity, measured).size is size


@pytest.mark.parametrize("line", STANDARD.industries, ids=lambda line: line.key)
def test_every_bound_of_every_industry(line) -> None:
    cent = Decimal("0.01")
    for above, size, below in zip((None, *CLASSES), CLASSES, (*CLASSES[1:], Size.MICRO), strict=False):
        at = line.bounds[size]
        assert classify(STANDARD, line.codes[0], at).size is size, (above, size)
        for measure, bound in at.items():
            # One measure a little lower brings the firm down one class, however high the others are.
            high = {name: line.bounds[Size.LARGE][name] * 9 for name in at} | {measure: bound - cent}
            assert classify(STANDARD, line.codes[0], high).size is below


MEASURED = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(st.none(), st.decimals(0, 10**7, places=2))
        for name in ("people", "revenue", "assets")
    },
)
ACTIVITIES = st.sampled_from(["C3985", "E4710", "I6513", "K7010", "L7212", "M7310", "A0111"])


@given(
    ACTIVITIES, MEASURED, st.sampled_from(["people", "revenue", "assets"]), st.decimals(0, 10**7, places=2)
)
def test_growth_never_makes_a_firm_smaller(activity: str, measured, name: str, more: Decimal) -> None:
    if measured.get(name) is None:
        return
    before = classify(STANDARD, activity, measured)
    after = classify(STANDARD, activity, {**measured, name: measured[name] + more})
    rank = [Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE]
    if Size.UNKNOWN not in (before.size, after.size):
        assert rank.index(after.size) >= rank.index(before.size)


@given(ACTIVITIES, MEASURED, st.data())
def test_what_is_missing_is_never_guessed(activity: str, measured, data: st.DataObject) -> None:
    """An answer in spite of a missing measure holds whatever that measure turns out to be."""
    found = classify(STANDARD, activity, measured)
    if found.size is Size.UNKNOWN:
        assert found.missing
        return
    filled = {name: data.draw(st.decimals(0, 10**7, places=2)) for name in found.missing}
    assert classify(STANDARD, activity, {**measured, **filled}).size is found.size


@pytest.mark.parametrize("activity", ["G5311", "J6620", "P8321", "Q8411", "S9111", "T9600", "X1", ""])
def test_what_the_standard_does_not_cover(activity: str) -> None:
    assert classify(STANDARD, activity, {"people": 10, "revenue": 10}).size is Size.NOT_APPLICABLE


def test_the_exception_stands_beside_its_rule() -> None:
    assert STANDARD.industry_of("G5910").key == "transport"
    assert STANDARD.industry_of("G5941").key == "storage"
    assert STANDARD.industry_of("K7090").key == "other"
    assert STANDARD.industry_of("K7040") is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"small": {"people": 20}}, "other measures"),
        ({"small": {"heads": 1}, "medium": {"heads": 2}, "large": {"heads": 3}}, "measures are"),
        ({"small": {"people": 900, "revenue": 300}}, "do not rise"),
        ({"small": {"people": 0, "revenue": 300}}, "do not rise"),
        ({"codes": ["A"]}, "belongs to"),
    ],
)
def test_a_wrong_table_is_refused(change: dict[str, Any], says: str) -> None:
    rows = [row | change if row["key"] == "industry" else row for row in DOCUMENT["industry"]]
    with pytest.raises(StandardError, match=says):
        parse_standard(DOCUMENT | {"industry": rows})


@pytest.mark.parametrize(
    ("activity", "revenue", "above"),
    [
        ("C3985", 2000, True),
        ("C3985", Decimal("1999.99"), False),
        ("C3985", None, None),
        ("F5211", 500, True),
        ("F5111", 500, False),
        ("K7010", None, True),
        ("K7020", 999, False),
        ("R8810", 500, True),
        ("A0111", 9999, None),
    ],
)
def test_designated_size(activity: str, revenue: Any, above: bool | None) -> None:
    found = above_designated_size(LINES, activity, revenue)
    assert found.above is above
    assert found.missing == (("revenue",) if activity == "C3985" and revenue is None else ())


def test_an_activity_has_one_line() -> None:
    with pytest.raises(ValueError, match="stand twice"):
        parse_lines({"line": [{"key": "a", "codes": ["C"]}, {"key": "b", "codes": ["C"]}]})

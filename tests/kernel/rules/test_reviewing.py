"""What nobody can meet, or everybody does, is told; what some firms meet and others do not is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernel.rules.books import DICTIONARY, TODAY, Book, firms
from tests.kernel.rules.test_book import SHIPPED, book
from zhitong.kernel.rules import PolicyBook
from zhitong.kernel.rules.book.reviewing import review
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.policy.check import condition
from zhitong.kernel.rules.policy.ranges import Ranges
from zhitong.kernel.rules.policy.rows import Row
from zhitong.kernel.rules.problems import RulesError

POLICY = """policies:
  - key: p
    title: t
    number: n
    level: city
    region: "350100"
    {more}
    conditions:
"""


def told(folder: Path, *conditions: str, more: str = "effective: {from: 2026-01-01}") -> list[str]:
    lines = "".join(
        f"      - {{key: c{at}, article: a, if: '{text}'}}\n" for at, text in enumerate(conditions)
    )
    made = book(folder, POLICY.replace("{more}", more) + lines)
    return [problem.message for problem in review(made)]


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        (["人数 ≥ 2000000"], "No firm can meet this."),
        (["人数 ≥ 0"], "Every firm meets this whose facts are known."),
        (["负债率 ≤ 2000%"], "Every firm meets this whose facts are known."),
        (["人数 between 30 and 20"], "No firm can meet this."),
        (["人数 ≥ 30", "人数 < 20"], "No firm can meet this beside c0."),
        (["人数 ≥ 30 and 高企", "营收 ≥ 1元", "人数 * 2 ≤ 58"], "No firm can meet this beside c0, c1."),
        (["人数 > 29", "not(人数 > 30)", "人数 != 30"], "No firm can meet this beside c0, c1."),
        (["人数 ≥ 30", "人数 ≤ 30"], ""),
        (["人数 > 30", "人数 ≤ 30"], "No firm can meet this beside c0."),
        (["人数 = 5", "人数 = 6"], "No firm can meet this beside c0."),
        (["高企", "not(高企)"], "No firm can meet this beside c0."),
        (['行业 in ("C13", "C34")', '行业 = "I65"'], "No firm can meet this beside c0."),
        (
            ['行业 in ("C13", "C34")', '行业 != "C13"', '行业 != "C34"'],
            "No firm can meet this beside c0, c1.",
        ),
        (["人数 ≥ 30", "人数 < 20 or 高企"], ""),
        (["人数 ≥ 30", "至少(2, [人数 < 20, 人数 < 10, 高企])"], "No firm can meet this beside c0."),
    ],
)
def test_conditions(tmp_path: Path, conditions: list[str], message: str) -> None:
    assert told(tmp_path, *conditions) == ([message] if message else [])


def test_a_window_outside_its_time_is_told(tmp_path: Path) -> None:
    more = "effective: {from: 2026-01-01, to: 2027-01-01}\n    window: {from: 2027-01-01, to: 2027-02-01}"
    assert told(tmp_path, "人数 ≥ 5", more=more) == ["It can never be asked for while it holds."]
    more = "effective: {from: 2026-01-01, to: 2027-01-01}\n    window: {from: 2026-12-31, to: 2027-02-01}"
    assert told(tmp_path, "人数 ≥ 5", more=more) == []


def test_the_shipped_book_makes_sense() -> None:
    assert review(PolicyBook.load(SHIPPED, dictionary=SHIPPED / "facts.yaml")) == []


def test_no_firm_is_against_what_is_said_of_all(record_property) -> None:
    """What is certain or impossible for all firms is so for a thousand invented ones; what is narrowed, too."""
    made, checked, narrowed = Book(77), 0, 0
    rows = firms(77, 300)
    ranges = Ranges.of(DICTIONARY)
    for _ in range(400):
        try:
            found = condition(Source(made.test(2)), DICTIONARY, TODAY)
        except RulesError:
            continue
        if found.test is None:
            continue
        states = {Row(DICTIONARY, row, TODAY).holds(found.tree) for row in rows}
        said = ranges.test(found.test)
        if said is not None:
            checked += 1
            assert (not said) not in states, found.source.text
        left = Ranges.of(DICTIONARY)
        gone = left.narrow(found.test)
        for row in rows:
            if Row(DICTIONARY, row, TODAY).holds(found.tree):
                assert not gone, found.source.text
                for name, (low, high) in left.numbers.items():
                    assert row.get(name) is None or low <= row[name] <= high, found.source.text
                for name, options in left.sets.items():
                    assert row.get(name) is None or row[name] in options, found.source.text
        narrowed += left.numbers != ranges.numbers or left.sets != ranges.sets
    record_property("checked", checked)
    assert checked > 10
    assert narrowed > 20


def test_planted_bounds_are_noticed() -> None:
    """The test above would notice a bound that is too narrow."""
    row = {"人数": 30}
    found = condition(Source("人数 ≥ 30"), DICTIONARY, TODAY)
    assert found.test is not None
    left = Ranges.of(DICTIONARY)
    left.narrow(found.test)
    assert left.numbers["人数"] == (30, 1_000_000)
    assert Row(DICTIONARY, row, TODAY).holds(found.tree)

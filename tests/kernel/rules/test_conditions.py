"""Conditions of policies: what the checker refuses and how it says so, and what a missing fact does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhitong.kernel.rules import RulesError
from zhitong.kernel.rules.facts.loading import parse
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.policy.check import condition
from zhitong.kernel.rules.policy.rows import Row

TODAY = date(2026, 7, 1)
DICTIONARY = parse("""
facts:
  - {name: 营业收入, kind: money, low: 0, aliases: [营业收入（万元）]}
  - {name: 前年营收, kind: money, low: 0}
  - {name: 研发费用, kind: money, low: 0}
  - {name: 主营占比, kind: ratio, digits: 6, low: 0, high: 1}
  - {name: 人数, kind: count, unit: people, low: 0, high: 1000000}
  - {name: 高企, kind: flag}
  - {name: 行业, kind: code, codes: [C34, I65]}
  - {name: 成立日期, kind: day}
""")


def holds(text: str, **facts: Any) -> bool | None:
    found = condition(Source(text), DICTIONARY, TODAY)
    kept = {name: DICTIONARY.by_name[name].kept(value) for name, value in facts.items()}
    return Row(DICTIONARY, kept, TODAY).holds(found.tree)


@pytest.mark.parametrize(
    ("text", "place", "message", "mend"),
    [
        ("营业收入 ≥ 5000", (1, 1), "do not count the same", "5000万元"),
        ("营业收入 > 人数", (1, 1), "A number of money and a number of people", ""),
        ("主营占比 ≥ 80万元", (1, 1), "do not count the same", ""),
        ("营业收人 ≥ 5000万元", (1, 1), "No fact has this name", "Is 营业收入 meant?"),
        ("高企 and\n  成立 > 1", (2, 3), "No fact has this name", "成立日期"),
        ("行业 = “C35”", (1, 1), "行业 has no code C35", "Its codes: C34, I65"),
        ("营业收入", (1, 1), "a number of money, not a condition", "Compare"),
        ("高企 > 1", (1, 1), "'>' does not fit between a condition and a number", ""),
        ("营业收入 / 0 > 1", (1, 1), "divided by zero", ""),
        ("高企 + 1 > 2", (1, 1), "'+' does not fit", ""),
        ("至少(3, [高企, 人数 > 1])", (1, 1), "can never hold", ""),
        ("营业收入 > null", (1, 1), "Only a fact is compared with null", "reported"),
        ("年限(成立日期, 人数) > 1", (1, 1), "between two days", ""),
        ('成立日期 + @"P1M" > 基准日', (1, 1), "Months are added to a written day only", "full years"),
        ("contains(行业, “C”)", (1, 1), "Conditions know no such function", "They know"),
        ("for x in [1] return x", (1, 1), "has no meaning in a condition", ""),
        ("已填报(人数 + 1)", (1, 1), "Only a fact is reported", ""),
        ("缺省(人数, 营业收入) > 1", (1, 1), "do not count the same", ""),
        ("if 高企 then 人数 else 主营占比 > 1", (1, 1), "One way gives", ""),
        ('date("2026-02-30") > 基准日', (1, 1), "A day is written out", ""),
    ],
)
def test_faults_of_name_type_and_unit(text: str, place: tuple[int, int], message: str, mend: str) -> None:
    with pytest.raises(RulesError) as caught:
        condition(Source(text, "政策.yaml"), DICTIONARY, TODAY)
    problem = caught.value.problems[0]
    assert message in problem.message
    assert mend in problem.mend
    assert (problem.line, problem.column) == place


def test_all_faults_of_a_condition_are_told_at_once() -> None:
    with pytest.raises(RulesError) as caught:
        condition(Source("营业收入 ≥ 5000 and 没有 > 1 or 行业 = “X”"), DICTIONARY, TODAY)
    assert [problem.column for problem in caught.value.problems] == [1, 17, 27]


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("营业收入 ≥ 5000万元", {"营业收入": 50_000_000}, True),
        ("营业收入（万元） ≥ 5000万元", {"营业收入": "49999999.99"}, False),
        ("营业收入 ≥ 5000万元", {}, None),
        ("not(营业收入 ≥ 5000万元)", {}, None),
        ("营业收入 ≠ 0元", {}, None),
        ("行业 in (“C34”)", {}, None),
        ("not(行业 in (“C34”))", {}, None),
        ("高企 or 营业收入 ≥ 1元", {"高企": True}, True),
        ("高企 and 营业收入 ≥ 1元", {"高企": False}, False),
        ("高企 and 营业收入 ≥ 1元", {"高企": True}, None),
        ("已填报(营业收入)", {}, False),
        ("营业收入 = null", {}, True),
        ("缺省(研发费用, 0元) ≥ 1元", {}, False),
        ("缺省(高企, false)", {}, False),
        ("至少(2, [高企, 人数 ≥ 20, 营业收入 > 0元])", {"高企": True, "人数": 20}, True),
        ("至少(2, [高企, 人数 ≥ 20, 营业收入 > 0元])", {"高企": True, "人数": 19}, None),
        ("至少(3, [高企, 人数 ≥ 20, 营业收入 > 0元])", {"高企": True, "人数": 19}, False),
        ("研发费用 / 营业收入 ≥ 80%", {"研发费用": "79999", "营业收入": 100_000}, False),
        ("研发费用 / 营业收入 ≥ 80%", {"研发费用": "80000", "营业收入": 100_000}, True),
        ("研发费用 / 营业收入 ≥ 3%", {"研发费用": 1, "营业收入": 0}, None),
        ("主营占比 ≥ 80%", {"主营占比": "0.799990"}, False),
        ("营业收入 ≥ 前年营收 * 1.1025", {"营业收入": "1102.50", "前年营收": 1000}, True),
        ("营业收入 ≥ 前年营收 * 1.1025", {"营业收入": "1102.49", "前年营收": 1000}, False),
        ("年限(成立日期, 基准日) ≥ 2", {"成立日期": date(2024, 7, 1)}, True),
        ("年限(成立日期, 基准日) ≥ 2", {"成立日期": date(2024, 7, 2)}, False),
        ('成立日期 ≤ 基准日 - @"P3Y"', {"成立日期": date(2023, 7, 1)}, True),
        ("人数 in [20..300)", {"人数": 300}, False),
        ("if 高企 then 人数 ≥ 5 else 人数 ≥ 50", {"人数": 60}, None),
    ],
)  # fmt: skip
def test_a_missing_fact_is_unknown_and_numbers_are_exact(
    text: str, facts: dict[str, Any], value: bool | None
) -> None:
    assert holds(text, **facts) is value


def test_what_fits_into_no_column_is_worked_out_row_by_row() -> None:
    text = "营业收入 * 研发费用 ≥ 1元 * 1元"
    found = condition(Source(text), DICTIONARY, TODAY)
    assert found.test is None
    assert "no column" in found.why_slow
    assert holds(text, 营业收入=10**12, 研发费用=10**12) is True


@pytest.mark.parametrize(
    ("content", "message", "place"),
    [
        ("facts: []", "No facts stand here", (1, 1)),
        ("facts:\n  - {name: 甲, kind: sum}", "No such kind", (2, 21)),
        ("facts:\n  - {kind: money}", "name is missing", (2, 5)),
        ("facts:\n  - {name: 甲, kind: code}", "Codes are listed", (2, 5)),
        ("facts:\n  - {name: 甲, kind: flag, low: 1}", "Only numbers have bounds", (2, 5)),
        ("facts:\n  - {name: 甲, kind: count, low: x}", "This is no number", (2, 33)),
        (
            "facts:\n  - {name: 甲, kind: flag}\n  - {name: 乙, kind: flag, aliases: [甲]}",
            "two facts have",
            (3, 5),
        ),
        ("facts:\n  - {name: 甲, kind: flag, colour: red}", "colour is not known", (2, 35)),
        ("facts: [\n", "This is no YAML", (2, 1)),
        ("facts: &a [*a]", "Anchors are not read", (1, 8)),
        ("a: 1\na: 2", "stands here twice", (2, 1)),
    ],
)
def test_a_dictionary_that_is_wrong_says_where(content: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(RulesError) as caught:
        parse(content, "facts.yaml")
    problem = caught.value.problems[0]
    assert message in problem.message
    assert (problem.line, problem.column) == place


def test_values_that_are_finer_or_larger_than_a_fact_are_refused() -> None:
    facts = DICTIONARY.by_name
    assert facts["营业收入"].kept("5000.01") == 500_001
    for name, value in (("营业收入", "0.001"), ("主营占比", "1.1"), ("行业", "X"), ("主营占比", "0.1234567")):
        with pytest.raises(ValueError, match=name):
            facts[name].kept(value)

"""The way to a policy: what a firm would have to change, held to the policy and beside all small changes there are."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from typing import Any

import pytest

from tests.kernel.rules.books import DICTIONARY, TODAY
from zhitong.kernel.rules.book.plans import Compiled
from zhitong.kernel.rules.book.policy import Clause, Level, Policy, Span
from zhitong.kernel.rules.book.ways import Way, way
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.policy.check import condition
from zhitong.kernel.rules.policy.rows import Row

FIRM = {
    "营业收入（万元）": 1000_0000_00,
    "上年营收": 900_0000_00,
    "研发费用": 20_0000_00,
    "人数": 50,
    "研发人数": 4,
    "负债率": 9000,
    "高企": False,
    "失信": True,
    "行业": "C13",
}


def compiled(*texts: str) -> Compiled:
    conditions = tuple(condition(Source(text), DICTIONARY, TODAY) for text in texts)
    clauses = tuple(Clause(f"c{at}", "", Source(text)) for at, text in enumerate(texts))
    policy = Policy("p", "P", "1", Level.CITY, "", Span(), Span(), clauses)
    return Compiled(policy, conditions)


def found(*texts: str, firm: dict[str, Any] | None = None) -> Way | None:
    return way(compiled(*texts), Row(DICTIONARY, FIRM if firm is None else firm, TODAY))


def said(here: Way | None) -> dict[str, str] | None:
    return None if here is None else {step.fact: step.after for step in here.steps}


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("营收 ≥ 1000万元", {}),
        ("营收 ≥ 1500万元", {"营业收入（万元）": "1500万元"}),
        ("营收 > 1500万元", {"营业收入（万元）": "1500.000001万元"}),
        ("负债率 ≤ 80%", {"负债率": "80%"}),
        ("负债率 < 80%", {"负债率": "79.99%"}),
        ("not(负债率 > 80%)", {"负债率": "80%"}),
        ("人数 = 51", {"人数": "51"}),
        ("人数 != 50", {"人数": "49"}),
        ("人数 between 100 and 200", {"人数": "100"}),
        ("人数 in ([1..20], [70..80])", {"人数": "70"}),
        ("高企", {"高企": "true"}),
        ("not(失信) and 高企", {"失信": "false", "高企": "true"}),
        ("研发费用 / 营收 ≥ 3%", {"研发费用": "30万元"}),
        ("营收 / 上年营收 ≥ 1.2", {"营业收入（万元）": "1080万元"}),
        ("研发人数 / 人数 ≥ 10%", {"研发人数": "5"}),
        ("营收 ≥ 5000万元 or 研发费用 ≥ 21万元", {"研发费用": "21万元"}),
        ("至少(2, [高企, 人数 ≥ 55, 负债率 ≤ 85%, 营收 ≥ 1000万元])", {"负债率": "85%"}),
        ("if 失信 then 人数 ≥ 60 else 人数 ≥ 10", {"人数": "60"}),
        ("缺省(高企, false) or 人数 ≥ 1000", {"人数": "1000"}),
        ("能耗 ≥ 5", {}),
    ],
)
def test_one_condition(text: str, changes: dict[str, str]) -> None:
    assert said(found(text)) == changes


def test_what_is_no_firms_to_change() -> None:
    assert found('行业 = "C34"') is None
    assert found("年限(成立日期, 基准日) ≥ 3", firm={"成立日期": 20000}) is None
    assert said(found('行业 = "C34" or 人数 ≥ 60')) == {"人数": "60"}
    assert found("人数 ≥ 10 and 人数 ≤ 5") is None
    assert found("营收 * 营收 / 营收 ≥ 2000万元 and 人数 < 0") is None


def test_mending_one_condition_may_break_another() -> None:
    """More turnover needs more research to stay at its share."""
    here = found("营收 ≥ 2000万元", "研发费用 / 营收 ≥ 3%")
    assert said(here) == {"营业收入（万元）": "2000万元", "研发费用": "60万元"}
    assert here is not None
    assert here.cost == Fraction(1, 2) + Fraction(2, 3)


def test_what_is_missing_stays_to_be_told() -> None:
    here = found("营收 ≥ 1500万元", "能耗 ≤ 5 and 人数 ≥ 60")
    assert here is not None
    assert here.open == ("能耗",)
    assert said(here) == {"营业收入（万元）": "1500万元", "人数": "60"}
    there = found("能耗 ≤ 5 or 人数 ≥ 60")
    assert there is not None
    assert there.open == ("能耗",)
    assert there.steps == ()


TESTS = [
    "人数 ≥ 60",
    "人数 ≥ 75",
    "研发人数 ≥ 5",
    "研发人数 ≥ 8",
    "负债率 ≤ 80%",
    "负债率 ≤ 45%",
    "高企",
    "not(失信)",
]
VALUES: dict[str, list[Any]] = {
    "人数": [50, 60, 75],
    "研发人数": [4, 5, 8],
    "负债率": [9000, 8000, 4500],
    "高企": [False, True],
    "失信": [True, False],
}


def best(policy: Compiled) -> Fraction | None:
    """The cheapest of all combinations, by trying them."""
    costs = []
    for values in itertools.product(*VALUES.values()):
        firm = FIRM | dict(zip(VALUES, values, strict=True))
        if policy.state(Row(DICTIONARY, firm, TODAY)):
            steps = [
                (FIRM[name], value) for name, value in zip(VALUES, values, strict=True) if FIRM[name] != value
            ]
            costs.append(sum((_share(before, after) for before, after in steps), Fraction(0)))
    return min(costs, default=None)


def _share(before: Any, after: Any) -> Fraction:
    return Fraction(1) if isinstance(after, bool) else Fraction(abs(after - before), max(before, after))


def test_beside_all_combinations(record_property) -> None:
    """Every way leads to the policy, and is the cheapest of all where alternatives share no facts."""
    made, cheapest = random.Random(20261130), 0
    for _ in range(300):
        parts = []
        for _part in range(made.randint(1, 3)):
            several = made.sample(TESTS, made.randint(1, 4))
            joined = f"({' or '.join(several)})"
            parts.append(
                made.choice([joined, f"至少({made.randint(1, len(several))}, [{', '.join(several)}])"])
            )
        policy = compiled(*parts)
        here = way(policy, Row(DICTIONARY, FIRM, TODAY))
        assert here is not None
        firm = FIRM | {step.fact: _kept(step.fact, step.after) for step in here.steps}
        assert policy.state(Row(DICTIONARY, firm, TODAY)) is True, parts
        least = best(policy)
        assert least is not None
        assert here.cost >= least
        cheapest += here.cost == least
    record_property("cheapest", cheapest)
    assert cheapest >= 240, f"only {cheapest} of 300 ways were the cheapest"


def _kept(name: str, text: str) -> Any:
    from zhitong.kernel.rules.facts.writing import kept

    return kept(DICTIONARY.by_name[name], text)

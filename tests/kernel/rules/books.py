"""Random books of conditions and random firms, from a seed."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from zhitong.kernel.rules.facts.dictionary import EPOCH, NUMERIC, Dictionary, Fact, Kind
from zhitong.kernel.rules.facts.loading import parse

TODAY = date(2026, 7, 1)
FACTS = """
facts:
  - {name: 营业收入（万元）, kind: money, low: 0, high: 9000000000, aliases: [营收]}
  - {name: 上年营收, kind: money, low: -9000000000, high: 9000000000}
  - {name: 研发费用, kind: money, low: 0, high: 9000000000}
  - {name: 人数, kind: count, unit: people, low: 0, high: 1000000}
  - {name: 研发人数, kind: count, unit: people, low: 0, high: 1000000}
  - {name: 负债率, kind: ratio, digits: 4, low: 0, high: 10}
  - {name: 能耗, kind: number, unit: tce, digits: 2, low: 0, high: 1000000}
  - {name: 高企, kind: flag}
  - {name: 失信, kind: flag}
  - {name: 行业, kind: code, codes: [C13, C34, C39, I65]}
  - {name: 所属链, kind: code, codes: [C13, C34, 其他]}
  - {name: 成立日期, kind: day}
  - {name: 认定日期, kind: day}
"""
DICTIONARY: Dictionary = parse(FACTS)


class Book:
    """Writes random conditions that the checker lets through."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def conditions(self, count: int) -> list[str]:
        return [self.test(3) for _ in range(count)]

    def pick(self, *ways: Any) -> Any:
        return self.random.choice(ways)

    def test(self, depth: int) -> str:
        if depth == 0:
            return self.atom()
        return self.pick(self.atom, *[lambda: self.net(depth - 1)] * 3)()

    def net(self, depth: int) -> str:
        several = [self.test(depth) for _ in range(self.random.randint(2, 5))]
        sign = self.pick(" and ", " or ")
        ways = [
            lambda: "(" + sign.join(several) + ")",
            lambda: f"not({several[0]})",
            lambda: f"至少({self.random.randint(1, 9)}, [{', '.join(self.atom() for _ in range(9))}])",
            lambda: f"至少({self.random.randint(0, len(several))}, [{', '.join(several)}])",
            lambda: f"(if {several[0]} then {several[1]} else {several[-1]})",
            lambda: f"缺省({several[0]}, {self.pick('true', 'false')})",
            lambda: f"(({several[0]}) {self.pick('=', '!=')} ({several[1]}))",
        ]
        return self.pick(*ways[:1], *ways)()

    def atom(self) -> str:
        sign = self.pick("<", "≤", "=", "≠", "≥", ">")
        ways = [
            lambda: f"{self.money()} {sign} {self.money()}",
            lambda: f"{self.money()} / {self.sum()} {sign} {self.share()}",
            lambda: f"研发人数 / (人数 / ({self.staff()} + 1)) {sign} {self.people()}",
            lambda: f"人数 {sign} max({self.random.randint(1, 9)}, 20, 研发人数)",
            lambda: f"{self.people()} {sign} {self.people()}",
            lambda: f"{self.staff()} / {self.staff()} {sign} {self.share()}",
            lambda: f"负债率 {sign} {self.share()}",
            lambda: f"负债率 in {self.pick('[', '(')}0.2..{self.share()}{self.pick(']', ')')}",
            lambda: f"能耗 between {self.random.randint(0, 500)} and {self.random.randint(300, 999)}.5",
            lambda: self.pick("高企", "失信", "高企 = 失信", "高企 = null", "人数 != null", "已填报(行业)"),
            lambda: self.pick('行业 in ("C13", "C39")', '行业 = "I65"', "行业 = 所属链", "行业 ≠ 所属链"),
            lambda: f"年限({self.day()}, {self.day()}) {sign} {self.random.randint(-1, 6)}",
            lambda: f"{self.day()} {sign} {self.day()}",
            lambda: f"人数 in (< {self.random.randint(1, 30)}, [40..{self.random.randint(40, 99)}], 25)",
        ]
        return self.pick(*ways)()

    def money(self) -> str:
        return self.pick(
            "营收", "上年营收", "研发费用", "研发费用", f"{self.random.randint(0, 900)}万元", "0元", "-研发费用",
            "(营收 - 研发费用)", "研发费用 * 1.1025", "max(营收, 上年营收)", "min(研发费用, 5万元)", "abs(上年营收)",
            "缺省(研发费用, 0元)", "(if 高企 then 研发费用 else 上年营收)", "(营收 + 上年营收) / 2", "负债率 * 研发费用",
        )  # fmt: skip

    def sum(self) -> str:
        return self.pick("营收", "上年营收", "研发费用", "(营收 - 上年营收)", "max(营收, 1元)", "500万元")

    def people(self) -> str:
        return self.pick(
            "人数", "研发人数", str(self.random.randint(0, 90)), "(人数 - 研发人数)", "缺省(研发人数, 3)"
        )

    def staff(self) -> str:
        return self.pick("人数", "研发人数", "(人数 - 研发人数)", "缺省(研发人数, 3)", "(人数 + 1)")

    def share(self) -> str:
        return self.pick("3%", "79.99%", "0.5", "1", "-1.05", "负债率", f"{self.random.randint(0, 200)}%")

    def day(self) -> str:
        return self.pick(
            "成立日期", "认定日期", "基准日", '@"2024-02-29"', '基准日 - @"P3Y"', 'date("2020-01-31") + @"P1M"',
            '成立日期 + @"P400D"',
        )  # fmt: skip


def firms(seed: int, count: int, missing: float = 0.25) -> list[dict[str, Any]]:
    """Return random firms with facts as they are kept; many values lie on thresholds, many are missing."""
    made = random.Random(seed)
    return [
        {fact.name: None if made.random() < missing else _value(fact, made) for fact in DICTIONARY.facts}
        for _ in range(count)
    ]


def _value(fact: Fact, made: random.Random) -> Any:
    if fact.kind is Kind.FLAG:
        return made.random() < 0.5
    if fact.kind is Kind.CODE:
        return made.choice(fact.codes)
    if fact.kind is Kind.DAY:
        days = [date(2024, 2, 29), date(2023, 7, 1), date(2023, 6, 30), date(2020, 2, 29), TODAY]
        chosen = (
            made.choice(days) if made.random() < 0.5 else date.fromordinal(made.randint(719_163, 740_000))
        )
        return (chosen - EPOCH).days
    low, high = fact.bounds
    near = [low, 0, high, 1, fact.scale, 20 * fact.scale, 50_000 * fact.scale, 3 * fact.scale // 10]
    value = made.choice(near) if made.random() < 0.4 else made.randint(max(low, -(10**9)), min(high, 10**9))
    return min(max(value, low), high)


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return firms as a frame, facts as they are kept."""
    return pl.DataFrame(
        {fact.name: [row[fact.name] for row in rows] for fact in DICTIONARY.facts}, schema=schema()
    )


def schema() -> dict[str, Any]:
    kinds = {Kind.FLAG: pl.Boolean, Kind.CODE: pl.String}
    return {fact.name: kinds.get(fact.kind, pl.Int64) for fact in DICTIONARY.facts}


def columns(rows: list[dict[str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Return firms as arrays of values and of whether they are known."""
    found = {}
    for fact in DICTIONARY.facts:
        given = [row[fact.name] for row in rows]
        known = np.array([value is not None for value in given], dtype=bool)
        empty: Any = False if fact.kind is Kind.FLAG else "" if fact.kind is Kind.CODE else 0
        values = [empty if value is None else value for value in given]
        found[fact.name] = (np.array(values, dtype=np.int64 if fact.kind in NUMERIC else None), known)
    return found

"""A condition is moved: what changes is what a new book would say, and the curve is every limit at once."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from tests.kernel.rules.test_book import DAY, book
from zhitong.kernel.rules import PolicyBook, RulesError
from zhitong.kernel.rules.book.simulating import Simulation, SimulationError

POLICY = """
policies:
  - key: 奖
    title: t
    number: n
    level: city
    conditions:
      - {key: 规模, article: a, if: 营收 ≥ 5000万元}
      - {key: 研发, article: b, if: 研发费用 / 营收 ≥ 3%}
      - {key: 资质, article: c, if: 高企}
      - {key: 人员, article: d, if: 10 < 人数}
      - {key: 增长, article: e, if: 营收 > 上年营收}
    award: {amount: "min(研发费用 * 10%, 50万元)"}
"""
WAN = 1_000_000


def firms(seed: int, count: int = 400) -> pl.DataFrame:
    made = random.Random(seed)

    def some(*values: int) -> int | None:
        return None if made.random() < 0.08 else made.choice(values) * WAN

    return pl.DataFrame(
        {
            "uscc": [f"f{number:03}" for number in range(count)],
            "营业收入（万元）": [some(0, 3000, 4999, 5000, 8000, 20_000) for _ in range(count)],
            "研发费用": [some(0, 100, 149, 150, 240, 600, 900) for _ in range(count)],
            "上年营收": [some(0, 1000) for _ in range(count)],
            "高企": [None if made.random() < 0.05 else made.random() < 0.9 for _ in range(count)],
            "人数": [made.choice([5, 10, 11, 12, 40, 90]) for _ in range(count)],
        },
        schema_overrides={"营业收入（万元）": pl.Int64, "研发费用": pl.Int64, "上年营收": pl.Int64},
    )


def simulation(folder: Path, table: pl.DataFrame, policies: str = POLICY) -> Simulation:
    return Simulation(book(folder, policies).compile(DAY), "奖", table, key="uscc")


def fulfilled(made: PolicyBook, table: pl.DataFrame) -> tuple[set[str], set[str], int]:
    """Who fulfils the policy and who may, by the book itself, and what the certain ones cost."""
    rows = made.compile(DAY).entitled(table, key="uscc")
    pairs = made.compile(DAY).pairs(table, key="uscc")
    sure = set(pairs.filter(pl.col("state") == "yes")["uscc"])
    return sure, set(pairs["uscc"]) - sure, int(rows.filter(pl.col("firm").is_in(sure))["low"].sum())


@pytest.mark.parametrize("seed", range(4))
def test_a_moved_condition_is_what_a_new_book_says(tmp_path: Path, seed: int) -> None:
    table = firms(seed)
    here = simulation(tmp_path / "old", table)
    new = POLICY.replace("营收 ≥ 5000万元", "营收 ≥ 3000万元")
    before, _maybe, cost = fulfilled(book(tmp_path / "a", POLICY), table)
    after, possible, later = fulfilled(book(tmp_path / "b", new), table)
    change = here.set("规模", "营收 ≥ 3000万元")
    assert set(change.winners) == after - before
    assert set(change.losers) == before - after == set()
    assert (change.before.firms, change.after.firms) == (len(before), len(after))
    assert (change.before.least, change.after.least) == (cost, later)
    assert change.after.possible == len(possible)
    assert change.after.most >= change.after.least
    assert here.now() == change.before, "nothing was moved for good"
    assert set(here.set("规模", "营收 ≥ 8000万元").losers) < before


def test_a_moved_amount_changes_what_it_costs_and_for_nobody_else(tmp_path: Path) -> None:
    here = simulation(tmp_path, firms(1))
    change = here.pay("20万元")
    assert change.winners == change.losers == ()
    assert change.after.least == 20 * WAN * change.after.firms
    assert change.before.firms == change.after.firms > 0


@pytest.mark.parametrize(
    ("clause", "text"),
    [("规模", "营收 ≥ {}万元"), ("研发", "研发费用 / 营收 ≥ {}%"), ("人员", "{} < 人数")],
)
def test_each_point_of_a_curve_is_what_moving_there_says(tmp_path: Path, clause: str, text: str) -> None:
    here = simulation(tmp_path, firms(2))
    curve = here.curve(clause)
    scale = {"规模": 10_000, "研发": 0.01, "人员": 1}[clause]
    rows = {round(row["limit"] / scale, 9): row for row in curve.iter_rows(named=True)}
    limits = {"规模": [3000, 5000, 8000, 20_000], "研发": [0, 2, 3, 5, 12], "人员": [5, 10, 11, 40, 90]}[
        clause
    ]
    met = set(limits) & rows.keys()
    assert len(met) >= 4
    for limit in met:
        outcome = here.set(clause, text.format(limit)).after
        assert (rows[limit]["firms"], rows[limit]["budget"]) == (outcome.firms, outcome.least), limit
    assert curve.height > 3
    assert curve["firms"].is_sorted()
    if clause == "研发":
        assert all(word.endswith("%") for word in curve["said"])


def test_what_cannot_be_moved_says_why(tmp_path: Path) -> None:
    here = simulation(tmp_path / "a", firms(3, 20))
    for clause, message in (("资质", "no comparison with a limit"), ("增长", "no limit to move")):
        with pytest.raises(SimulationError, match=message):
            here.curve(clause)
    with pytest.raises(SimulationError, match="it has 规模, 研发"):
        here.set("没有", "高企")
    with pytest.raises(RulesError, match="do not count the same"):
        here.set("规模", "营收 ≥ 5000")
    with pytest.raises(SimulationError, match="No policy"):
        Simulation(book(tmp_path / "b", POLICY).compile(DAY), "别的", firms(3, 5), key="uscc")
    slow = POLICY.replace("营收 > 上年营收", "营收 * 营收 * 营收 > 1元 * 1元 * 1元")
    with pytest.raises(SimulationError, match="no column"):
        simulation(tmp_path / "c", firms(3, 5), slow)

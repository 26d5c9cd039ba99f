"""Books of policies: loaded whole, asked as of a day and a place, matched with tables of firms, explained."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.kernel.rules.books import FACTS, Book, firms, frame
from tests.support.source import ROOT
from zhitong.config.cli import main as zhitong
from zhitong.kernel.rules import PolicyBook, RulesError
from zhitong.kernel.rules.__main__ import main
from zhitong.kernel.rules.book.explaining import deciding, explain
from zhitong.kernel.rules.book.matching import ColumnsError, completed, match
from zhitong.kernel.rules.book.resolving import between

SHIPPED = ROOT / "data/policies"
DAY = date(2026, 7, 1)
POLICY = """
policies:
  - key: 城市奖励
    title: 示例奖励
    number: 示例〔2026〕1号
    level: city
    region: "350100"
    effective: {from: 2026-01-01, to: 2027-01-01}
    window: {from: 2026-03-01, to: 2026-06-01}
    conditions:
      - {article: 第二条, if: 营收 ≥ 5000万元 and 人数 ≥ 20}
      - {article: 第三条, if: 研发费用 / 营收 ≥ 3%}
    examples:
      - {state: yes, firm: {营收: 6000万元, 人数: 20, 研发费用: 180万元}}
      - {state: no, firm: {营收: 4999.99万元}}
      - {state: unknown, firm: {营收: 6000万元, 人数: 20}}
"""


def written(folder: Path, policies: str = POLICY) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "facts.yaml").write_text(FACTS, encoding="utf-8")
    (folder / "book.yaml").write_text(policies, encoding="utf-8")
    return folder


def book(folder: Path, policies: str = POLICY) -> PolicyBook:
    return PolicyBook.load(written(folder, policies), dictionary=folder / "facts.yaml")


def problems(folder: Path, policies: str) -> list[str]:
    with pytest.raises(RulesError) as caught:
        book(folder, policies)
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_book_comes_out_as_its_examples_say() -> None:
    shipped = PolicyBook.load(SHIPPED, dictionary=SHIPPED / "facts.yaml")
    assert {policy.key for policy in shipped.policies} == {"srdi-2026", "little-giant-2026"}
    assert sum(len(policy.examples) for policy in shipped.policies) >= 25
    assert not shipped.compile(DAY).coverage["rows"], "all of it fits into columns"
    assert not shipped.compile(date(2026, 3, 31)).policies, "before it is in force"


def test_an_example_that_does_not_come_out_is_told_with_what_decides_it(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, POLICY.replace("state: no", "state: yes"))
    assert "comes out as no, not yes: c1 is no; c2 is unknown" in told
    assert "book.yaml:15:" in told


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("policies: []", encoding="utf-8")
    bad = (
        POLICY.replace("人数 ≥ 20}", "员工 ≥ 20}")
        .replace("level: city", "level: town")
        .replace("第三条", '""')
    )
    told = "\n".join(problems(tmp_path, bad.replace("营收: 4999.99万元", "营收: 4999.99")))
    for piece in (
        "other.yaml:1:1: No policies stand here",
        "book.yaml:6:12: No such level. [town]",
        "The article that it comes from is missing",
        "has no unit; write 4999.99万元 or 4999.99元",
        "book.yaml:11:44: No fact has this name. [员工]",
    ):
        assert piece in told


def test_two_versions_of_a_policy_do_not_hold_on_one_day(tmp_path: Path) -> None:
    second = POLICY.split("policies:\n")[1]
    (told,) = problems(tmp_path, POLICY + second.replace("from: 2026-01-01", "from: 2026-12-31"))
    assert "Two versions of this policy hold at the same time" in told
    later = second.replace("{from: 2026-01-01, to: 2027-01-01}", "{from: 2027-01-01}")
    made = book(tmp_path / "b", POLICY + later)
    assert len({policy.digest for policy in made.policies}) == 2
    assert made.version(made.policies[0].digest[:12]) == made.policies[0]
    with pytest.raises(KeyError):
        made.version("")


def test_a_version_is_named_by_what_decides_its_answers(tmp_path: Path) -> None:
    first = book(tmp_path / "a").policies[0].digest
    assert book(tmp_path / "b", POLICY.replace("示例奖励", "另一个名称")).policies[0].digest == first
    assert book(tmp_path / "c", POLICY.replace(" and ", "   and ")).policies[0].digest == first
    assert book(tmp_path / "d", POLICY.replace("≥ 3%", "≥ 2%")).policies[0].digest != first
    (tmp_path / "e").mkdir()
    written(tmp_path / "e")
    (tmp_path / "e/facts.yaml").write_text(
        FACTS.replace("high: 1000000}", "high: 2000000}"), encoding="utf-8"
    )
    assert PolicyBook.load(tmp_path / "e", dictionary=tmp_path / "e/facts.yaml").policies[0].digest != first


@pytest.mark.parametrize(
    ("day", "region", "found"),
    [
        (DAY, "350102", 1),
        (DAY, "350100", 1),
        (DAY, "350203", 0),
        (DAY, "", 0),
        (date(2025, 12, 31), "350102", 0),
        (date(2026, 12, 31), "350102", 1),
        (date(2027, 1, 1), "350102", 0),
    ],
)
def test_a_policy_means_firms_of_its_region_in_its_time(
    tmp_path: Path, day: date, region: str, found: int
) -> None:
    made = book(tmp_path)
    assert len(made.compile(day, region=region).policies) == found
    assert not made.compile(DAY, region="350102", open_only=True).policies, "its window has ended"
    assert made.compile(date(2026, 5, 31), region="350102", open_only=True).policies


def random_book(folder: Path, seed: int, count: int) -> PolicyBook:
    lines = "".join(
        f'  - key: p{number}\n    title: t\n    number: n\n    level: city\n    region: "{region}"\n'
        f"    conditions:\n      - article: a\n        if: '{text}'\n      - {{article: b, if: {slow}}}\n"
        for number, (text, region, slow) in enumerate(
            zip(
                Book(seed).conditions(count),
                ["350100", "350102", "", "350200"] * count,
                ["高企 or 人数 ≥ 0", "营收 * 营收 * 营收 > 1元 * 1元 * 1元"] * count,
                strict=False,
            )
        )
    )  # fmt: skip
    return book(folder, f"policies:\n{lines}")


def test_a_table_of_firms_by_region_says_what_each_firm_says_alone(tmp_path: Path) -> None:
    """With conditions that fit into no column among them, and regions mixed."""
    made = random_book(tmp_path, 5, 24)
    rows = firms(5, 150)
    regions = ["350102", "350203", "110000"]
    table = frame(rows).with_columns(
        uscc=pl.Series([f"f{number}" for number in range(len(rows))]),
        region=pl.Series([regions[number % 3] for number in range(len(rows))]),
    )
    steps: list[int] = []
    found = match(made, table.lazy(), DAY, key="uscc", by="region", told=steps.append)
    assert steps == [150]
    said = {(row["uscc"], row["version"]): row["state"] for row in found.iter_rows(named=True)}
    wanted: dict[tuple[str, str], str] = {}
    for number, row in enumerate(rows):
        for digest, state in made.compile(DAY, region=regions[number % 3]).of_firm(row).items():
            if state is not False:
                wanted[f"f{number}", digest] = "yes" if state else "unknown"
    assert said == wanted
    assert set(wanted.values()) == {"yes", "unknown"}
    assert made.compile(DAY, region="350102").coverage["rows"]


def test_a_table_without_a_facts_column_knows_it_of_nobody(tmp_path: Path) -> None:
    made = book(tmp_path)
    table = pl.LazyFrame({"uscc": ["a"], "营业收入（万元）": [6_000_000_000], "人数": [20]})
    whole, absent = completed(table, made.dictionary)
    assert "研发费用" in absent
    assert whole.collect()["研发费用"].to_list() == [None]
    found = match(made, table, DAY, key="uscc", region="350102")
    assert found.rows() == [("a", "城市奖励", made.policies[0].digest, "unknown")]
    with pytest.raises(ColumnsError, match="人数 is Float64, not Int64"):
        match(made, table.with_columns(pl.col("人数").cast(pl.Float64)), DAY, key="uscc", region="350102")


def test_one_firm_is_told_condition_by_condition(tmp_path: Path) -> None:
    made = book(tmp_path)
    plan = made.compile(DAY, region="350102")
    facts: dict[str, Any] = {"营业收入（万元）": 400_000_000_000, "人数": 12, "研发费用": 10_000_000_000}
    (one,) = explain(plan, facts)
    assert one.state == "no"
    first, second = one.asked
    assert (first.article, first.state, first.gap) == ("第二条", "no", "8")
    assert [reading.value for reading in first.readings] == ["40亿元", "12"]
    assert (second.state, second.gap) == ("no", "0.5%")
    (unknown,) = explain(plan, {"人数": 20})
    assert unknown.state == "unknown"
    assert unknown.missing == ("营业收入（万元）", "研发费用")
    assert deciding((unknown, unknown)) == [("研发费用", 2), ("营业收入（万元）", 2)]
    assert explain(plan, {"人数": 1})[0].missing == (), "it is decided already"


def test_the_command_checks_matches_and_explains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(written(tmp_path / "book"))
    assert main(["check", folder]) == 0
    assert "1 policies, 2 conditions, 3 examples come out as written" in capsys.readouterr().out
    assert main(["check", str(SHIPPED), "--modes"]) == 0
    assert "warning:" not in capsys.readouterr().out, "nothing of the shipped book depends on the mode"
    odd = str(written(tmp_path / "odd", POLICY.replace("人数 ≥ 20", "人数 = 20")))
    assert main(["check", odd, "--modes"]) == 0
    assert "warning: " in (said := capsys.readouterr().out)
    assert "book.yaml:11:44: In the standard's mode this is false where 人数 is missing" in said
    table, out = tmp_path / "firms.parquet", tmp_path / "pairs.parquet"
    pl.DataFrame(
        {
            "uscc": ["a", "b"],
            "营业收入（万元）": [6_000_000_000, 1],
            "人数": [20, 20],
            "研发费用": [180_000_000, 1],
        }
    ).write_parquet(table)
    asked = ["--as-of", "2026-07-01", "--region", "350102"]
    assert main(["match", folder, str(table), *asked, "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert "1 pairs (yes: 1)" in told.out
    assert "2 firms" in told.err
    assert pl.read_parquet(out)["uscc"].to_list() == ["a"]
    said = ["--fact", "营收=4000万元", "--fact", "人数=30"]
    assert zhitong(["rules", "explain", folder, *asked, *said]) == 0
    told = capsys.readouterr()
    assert "off by 1000万元" in told.out
    assert zhitong(["rules", "explain", folder, *asked, *said, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["asked"][0]["gap"] == "1000万元"
    move = ["simulate", folder, str(table), *asked, "--policy", "城市奖励"]
    assert main([*move, "--set", "c2=研发费用 / 营收 ≥ 3.1%"]) == 0
    assert "0 come to it, 1 lose it" in capsys.readouterr().out
    assert main([*move, "--curve", "c2"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split("\t")[:2] == ["3%", "1"]
    assert main([*move, "--curve", "没有"]) == 1
    assert main(["explain", folder, *asked, "--fact", "没有=1"]) == 1
    assert "No fact is called 没有." in capsys.readouterr().err
    shutil.rmtree(folder)
    assert main(["check", folder]) == 1


PAYING = """
policies:
  - key: 省
    title: t
    number: n
    level: province
    conditions: [{article: a, if: 高企}]
    award: {amount: "min(研发费用 * 10%, 50万元)", group: 研发, budget: {total: 55万元, rule: first-come, partly: true}}
  - key: 市
    title: t
    number: n
    level: city
    conditions: [{article: a, if: 高企}]
    award: {share: {of: 省, ratio: 50%}}
  - key: 县
    title: t
    number: n
    level: county
    conditions: [{article: a, if: 人数 ≥ 20}]
    award: {amount: 20万元, group: 研发}
"""


def test_amounts_follow_from_facts_and_lie_between_where_facts_are_missing(tmp_path: Path) -> None:
    made = book(tmp_path, PAYING)
    plan = made.compile(DAY)
    wan = 1_000_000
    table = pl.DataFrame(
        {
            "uscc": ["a", "b", "c"],
            "高企": [True, True, None],
            "研发费用": [300 * wan + 5, None, 900 * wan],
            "人数": [None, 20, 1],
        }
    )
    whole, _absent = completed(table.lazy(), made.dictionary)
    rows = plan.entitled(whole, key="uscc").rows()
    assert rows == [
        ("a", "省", 30 * wan, 30 * wan, True),
        ("b", "省", 0, 50 * wan, True),
        ("c", "省", 0, 50 * wan, False),
        ("a", "市", 0, 0, True),
        ("b", "市", 0, 0, True),
        ("c", "市", 0, 0, False),
        ("a", "县", 0, 20 * wan, False),
        ("b", "县", 20 * wan, 20 * wan, True),
    ]
    entitled = plan.entitled(whole, key="uscc").with_columns(
        applied=pl.lit(DAY), score=pl.lit(0, dtype=pl.Int64)
    )
    found = {(row[0], row[1]): row[2:] for row in between(entitled, plan.awards).rows()}
    assert found["a", "省"] == (30 * wan, 30 * wan)
    assert found["a", "市"] == (15 * wan, 15 * wan)
    assert found["b", "省"] == (0, 25 * wan), "the budget leaves that"
    assert found["b", "市"] == (0, 25 * wan // 2)
    assert found["b", "县"] == (0, 20 * wan), "it falls where the province pays more"
    assert found["a", "县"] == (0, 0)


@pytest.mark.parametrize(
    ("award", "message"),
    [
        ("{amount: 10}", "not an amount of money"),
        ("{amount: 人数}", "not an amount of money"),
        ("{amount: 研发费用 / 人数}", "not an amount of money"),
        ("{amount: (研发费用 + 营收) / 2 / 人数 * 人数}", "no quotient"),
        ("{amount: 没有 * 10%}", "No fact has this name"),
        ("{once: true}", "an amount or a share"),
        ("{amount: 1元, cap: {group: x}}", "A cap has a group and a limit"),
        ("{amount: 1元, cap: {group: x, limit: 5}}", "has no unit"),
        ("{amount: 1元, budget: {total: 5元, rule: lot}}", "No such rule"),
        ("{amount: 1元, bonus: 3}", "bonus is not known here"),
        ("{amount: 1元, once: maybe}", "neither true nor false"),
        ("{share: {of: 没有, ratio: 50%}}", "a share of nothing"),
        ("{share: {of: 城市奖励, ratio: 50%}}", "a share of nothing"),
        ("{share: {of: 城市奖励}}", "of which policy, and which part"),
        ("{share: {of: x, ratio: 50%}, group: g}", "in no group"),
        ("{amount: 1元, budget: {rule: score}}", "A budget has a total"),
        ("{amount: 1元, budget: {total: 5元, unit: wan}}", "No such unit"),
        ("{amount: 营收 * 12.3456789%}", "larger than a column holds"),
    ],
)
def test_an_award_that_is_wrong_says_where(tmp_path: Path, award: str, message: str) -> None:
    told = "\n".join(
        problems(tmp_path, POLICY.replace("    conditions:", f"    award: {award}\n    conditions:"))
    )
    assert message in told
    assert "book.yaml:" in told


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("effective: {from: 2026-01-01, to: 2027-01-01}", "effective: 2026-01-01", "This is no span of days"),
        ("{from: 2026-01-01, to: 2027-01-01}", "{begin: 2026-01-01}", "begin is not known here"),
        (
            "{from: 2026-01-01, to: 2027-01-01}",
            "{from: 2027-01-01, to: 2026-01-01}",
            "It ends before it begins",
        ),
        ("state: no, firm", "state: no, frim", "frim is not known here"),
        ("policies:", "rules: 1\npolicies:", "rules is not known here"),
        ("人数: 20, 研发", "人数: 20元, 研发", "is money, which this fact is not"),
        ("研发费用 / 营收 ≥ 3%", "研发费用 / 营收 ≥ 3% /* and 高企", "has no end"),
        ("人数 ≥ 20}", "人数 ** 2 > 4}", "Powers have no meaning"),
        ("人数 ≥ 20}", "人数 ≥ 1e99999}", "as large as this"),
        ("营收 ≥ 5000万元 and 人数 ≥ 20}", '"行业 in []"}', "This list is empty"),
        ("营收 ≥ 5000万元 and 人数 ≥ 20}", '"至少(2%, 高企, 失信)"}', "a whole number that is written out"),
        ("人数 ≥ 20}", '基准日 + @"10:00:00" > 成立日期}', "no day and no duration"),
        ("人数 ≥ 20}", "营收 * 营收 * 营收 > 5}", "do not count the same"),
        ("人数 ≥ 20}", '营收 * 营收 * 营收 > "x"}', "does not fit between"),
        ("人数 ≥ 20}", "营收 * 营收 * 营收}", "not a condition"),
    ],
)
def test_what_silently_would_mean_something_else_is_refused(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in POLICY
    assert message in "\n".join(problems(tmp_path, POLICY.replace(old, new, 1)))


def test_files_that_cannot_be_read_are_told_beside_the_other_faults(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "a.yaml").write_bytes("政策".encode("gbk"))
    (folder / "b.yaml").write_text("? [a]\n: b", encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        PolicyBook.load(folder, dictionary=folder / "facts.yaml")
    told = str(caught.value)
    assert "a.yaml:1:1: This is no UTF-8" in told
    assert "b.yaml:1:3: A name is a plain text" in told


def test_a_table_with_values_that_the_dictionary_rules_out_is_refused(tmp_path: Path) -> None:
    made = book(tmp_path)
    table = pl.LazyFrame(
        {"uscc": ["a", "b"], "研发费用": [3 * 10**16, 1], "行业": ["C13", "X"], "人数": [None, -1]}
    )
    with pytest.raises(ColumnsError, match=r"研发费用 in 1 rows.* 人数 in 1 rows.* 行业 in 1 rows"):
        match(made, table, DAY, key="uscc", region="350102")


def test_a_plan_of_conditions_without_columns_has_a_row_for_each_firm(tmp_path: Path) -> None:
    text = POLICY.replace("营收 ≥ 5000万元 and 人数 ≥ 20", "true").replace(
        "研发费用 / 营收 ≥ 3%", "营收 * 营收 * 营收 > 1元 * 1元 * 1元"
    )
    made = book(tmp_path, text[: text.index("    examples")])
    table = pl.LazyFrame({"uscc": ["a", "b", "c"], "营业收入（万元）": [10**9, 0, None]})
    found = match(made, table, DAY, key="uscc", region="350102")
    assert found.select("uscc", "state").rows() == [("a", "yes"), ("c", "unknown")]


def test_the_whole_country_is_a_region(tmp_path: Path) -> None:
    made = book(tmp_path, POLICY.replace('"350100"', '"100000"'))
    assert made.compile(DAY, region="110101").policies

"""A book written as a workbook or as YAML is the same book when it is read again; what is wrong is told with its cell."""

from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tests.kernel.rules.books import DICTIONARY
from tests.kernel.rules.test_book import PAYING, POLICY, SHIPPED, book, random_book, written
from zhitong.kernel.rules import PolicyBook, RulesError
from zhitong.kernel.rules.__main__ import main
from zhitong.kernel.rules.book.policy import Policy
from zhitong.kernel.rules.book.sheets import write
from zhitong.kernel.rules.book.writing import as_yaml, plain
from zhitong.kernel.rules.facts.dictionary import NUMERIC, Kind
from zhitong.kernel.rules.facts.writing import exact, kept

AWARDS = [
    "{amount: 10.01万元, once: true, cap: {group: x, limit: 500万元}}",
    "{amount: '研发费用 * 10%', family: 单项冠军, tier: 2, budget: {total: 55万元, rule: score, unit: yuan, partly: true}}",
]


def same(one: PolicyBook, other: PolicyBook) -> None:
    """The same in all that is said; where it is written may differ."""
    assert [policy.digest for policy in one.policies] == [policy.digest for policy in other.policies]
    assert [plain(policy, one.dictionary) for policy in one.policies] == [
        plain(policy, other.dictionary) for policy in other.policies
    ]
    for mine, others in zip(one.policies, other.policies, strict=True):
        assert [(row.facts, row.state) for row in mine.examples] == [
            (row.facts, row.state) for row in others.examples
        ]


def rewritten(made: PolicyBook, folder: Path, suffix: str, language: str = "zh") -> PolicyBook:
    path = folder / "out" / f"again{suffix}"  # apart from the folder, which is read whole
    path.parent.mkdir(parents=True, exist_ok=True)
    if suffix == ".xlsx":
        write(made.policies, made.dictionary, path, language=language)
    else:
        path.write_text(as_yaml(made.policies, made.dictionary), encoding="utf-8")
    facts = SHIPPED / "facts.yaml" if made.dictionary.find("细分市场年限") else folder / "facts.yaml"
    return PolicyBook.load(path, dictionary=facts)


@pytest.mark.parametrize("suffix", [".xlsx", ".yaml"])
def test_a_book_is_the_same_when_it_is_read_again(tmp_path: Path, suffix: str) -> None:
    shipped = PolicyBook.load(SHIPPED, dictionary=SHIPPED / "facts.yaml")
    same(shipped, rewritten(shipped, tmp_path / "a", suffix))
    invented = random_book(tmp_path / "b", 9, 40)
    same(invented, rewritten(invented, tmp_path / "b", suffix, "en"))
    paying = book(tmp_path / "c", PAYING)
    same(paying, rewritten(paying, tmp_path / "c", suffix))
    for number, award in enumerate(AWARDS):
        folder = tmp_path / str(number)
        more = f"    link: 示例\n    award: {award}\n    conditions:"
        rich = book(folder, POLICY.replace("    conditions:", more))
        assert rich.policies[0].award is not None
        same(rich, rewritten(rich, folder, suffix))


@hypothesis.given(data=st.data(), fact=st.sampled_from(DICTIONARY.facts))
def test_every_value_of_a_fact_comes_back(data: st.DataObject, fact) -> None:
    if fact.kind in NUMERIC:
        value = data.draw(st.integers(*fact.bounds))
    elif fact.kind is Kind.DAY:
        value = data.draw(st.integers(-20_000, 40_000))
    else:
        value = data.draw(st.sampled_from(fact.codes) if fact.kind is Kind.CODE else st.booleans())
    assert kept(fact, exact(fact, value)) == value


def sheet(folder: Path, **tables: list[list[object]]) -> Path:
    made = Workbook()
    made.remove(made.active)
    for name, rows in tables.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
    written(folder)
    made.save(folder / "typed.xlsx")
    return folder / "typed.xlsx"


def problems(path: Path) -> list[str]:
    with pytest.raises(RulesError) as caught:
        PolicyBook.load(path, dictionary=path.parent / "facts.yaml")
    return [str(problem).removeprefix(str(path)) for problem in caught.value.problems]


HEAD = ["代码", "名称", "文号", "层级", "生效日"]
ROW = ["p1", "示例", "示例〔2026〕1号", "city", "2026-01-01"]
CONDITIONS = [["政策代码", "条款", "判断式"], ["p1", "第一条", "人数 ≥ 20"]]


def test_what_somebody_types_into_excel_is_read(tmp_path: Path) -> None:
    """Numbers and days that Excel keeps as such, headings of both languages, sheets in any order."""
    from datetime import datetime

    path = sheet(
        tmp_path,
        条件=CONDITIONS,
        Examples=[
            ["Policy", "Outcome", "人数", "营收"],
            ["p1", "yes", 20, None],
            ["p1", "no", 19.0, "1万元"],
        ],
        政策=[HEAD, [*ROW[:4], datetime(2026, 1, 1)], [None] * 5],
    )
    (policy,) = PolicyBook.load(path, dictionary=tmp_path / "facts.yaml").policies
    assert isinstance(policy, Policy)
    assert str(policy.effective.begin) == "2026-01-01"
    assert [row.facts for row in policy.examples] == [
        {"人数": 20},
        {"人数": 19, "营业收入（万元）": 1_000_000},
    ]


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"别的": [["x"]]}, ":1:1: It has no sheet of policies."),
        ({"政策": [HEAD, ROW], "条件": [CONDITIONS[0], ["p2", "第一条", "人数 ≥ 20"]]}, "!条件!A2:1:1: No policy has this key. [p2] Name a key of the first sheet."),
        ({"政策": [HEAD, ROW], "条件": [CONDITIONS[0], ["p1", "第一条", "人数 ≥ 20 and 没有"]]}, "!条件!C2:1:13: No fact has this name. [没有]"),
        ({"政策": [HEAD, ROW, ROW], "条件": CONDITIONS}, "!政策!3:1:1: The key p1 stands here twice."),
        ({"政策": [[*HEAD, "代码"], ROW], "条件": CONDITIONS}, "!政策!F1:1:1: Two columns have this heading. [key] Drop one."),
        ({"政策": [[*HEAD, "奖金"], [*ROW, "5万元"]], "条件": CONDITIONS}, "!政策!F2:1:1: 奖金 is not known here. [5万元]"),
        ({"政策": [HEAD, [*ROW[:3], "town", None]], "条件": CONDITIONS}, "!政策!D2:1:1: No such level. [town] One of nation, province, city, county."),
        ({"政策": [HEAD, ROW], "条件": CONDITIONS, "示例": [["政策代码", "结论", "人数"], ["p1", "no", 25]]}, "!示例!2:1:1: This example of p1 comes out as yes, not no"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_cell(tmp_path: Path, tables: dict, told: str) -> None:
    found = problems(sheet(tmp_path, **tables))
    assert any(one.startswith(told) for one in found), found


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    written(tmp_path)
    path = tmp_path / "odd.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert problems(path)[0].startswith(":1:1: This is no workbook: ")


def test_a_text_stays_a_text_whatever_it_begins_with(tmp_path: Path) -> None:
    made = book(tmp_path, POLICY.replace("title: 示例奖励", "title: '=1+1'"))
    write(made.policies, made.dictionary, tmp_path / "again.xlsx")
    page = load_workbook(tmp_path / "again.xlsx")["政策"]
    assert page["B2"].value == "=1+1"
    assert page["B2"].data_type == "s"


def test_two_versions_of_one_policy_are_refused(tmp_path: Path) -> None:
    made = book(tmp_path)
    with pytest.raises(ValueError, match="Two versions have one key: 城市奖励"):
        write((*made.policies, *made.policies), made.dictionary, tmp_path / "again.xlsx")


def test_the_command_converts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(written(tmp_path))
    out = tmp_path / "out.xlsx"
    assert main(["convert", folder, "--out", str(out), "--language", "en"]) == 0
    assert load_workbook(out).sheetnames == ["Policies", "Conditions", "Examples"]
    assert main(["check", str(out)]) == 0
    assert "1 policies, 2 conditions, 3 examples come out as written" in capsys.readouterr().out
    assert main(["convert", folder, "--out", str(tmp_path / "out.doc")]) == 1
    assert "write a file that ends with .xlsx or .yaml" in capsys.readouterr().err

"""Decision models: what a decision needs, tables by their hit policies, types, functions, services, imports."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from zhitong.kernel.rules import Engine, read

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def engine(folder: Path, body: str, *, namespace: str = "urn:a", name: str = "m.dmn") -> Engine:
    path = folder / name
    path.write_text(
        f'<definitions xmlns="{SPACE}" name="{name}" namespace="{namespace}">{body}</definitions>',
        encoding="utf-8",
    )
    return Engine(read(path))


def given(name: str, kind: str = "number") -> str:
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'


def decision(
    name: str, logic: str, *, kind: str = "", facts: str = "", decisions: str = "", shares: str = ""
) -> str:
    needs = "".join(
        f'<informationRequirement><{tag} href="#{key}"/></informationRequirement>'
        for tag, keys in (("requiredInput", facts), ("requiredDecision", decisions))
        for key in keys.split()
    )
    needs += "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{key}"/></knowledgeRequirement>'
        for key in shares.split()
    )
    typed = f' typeRef="{kind}"' if kind else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{typed}/>{needs}{logic}</decision>'


def text(said: str) -> str:
    said = said.replace("&", "&amp;").replace("<", "&lt;")
    return f"<literalExpression><text>{said}</text></literalExpression>"


def table(
    hit: str, rows: list[tuple[str, str]], *, allowed: str = "", results: str = "", more: str = ""
) -> str:
    def cell(tag: str, said: str) -> str:
        return f"<{tag}><text>{said.replace('<', '&lt;')}</text></{tag}>"

    inputs = cell("inputValues", allowed) if allowed else ""
    outputs = cell("outputValues", results) if results else ""
    rules = "".join(
        f"<rule>{cell('inputEntry', test)}{cell('outputEntry', value)}</rule>" for test, value in rows
    )
    return (
        f'<decisionTable hitPolicy="{hit}" {more}><input><inputExpression><text>分数</text></inputExpression>{inputs}'
        f'</input><output name="档">{outputs}</output>{rules}</decisionTable>'
    )


ROWS = [("≥ 60", "1"), ("≥ 80", "2"), ("≥ 80", "2"), ("< 0", "0")]


@pytest.mark.parametrize(
    ("hit", "more", "score", "value"),
    [
        ("UNIQUE", "", 70, 1),
        ("UNIQUE", "", 90, None),
        ("FIRST", "", 90, 1),
        ("ANY", "", 90, None),
        ("ANY", "", -1, 0),
        ("PRIORITY", "", 90, 2),
        ("RULE ORDER", "", 90, [1, 2, 2]),
        ("OUTPUT ORDER", "", 90, [2, 2, 1]),
        ("COLLECT", "", 90, [1, 2, 2]),
        ("COLLECT", 'aggregation="SUM"', 90, 5),
        ("COLLECT", 'aggregation="MAX"', 90, 2),
        ("COLLECT", 'aggregation="MIN"', 90, 1),
        ("COLLECT", 'aggregation="COUNT"', 90, 3),
        ("COLLECT", 'aggregation="COUNT"', 10, 0),
        ("UNIQUE", "", 10, None),
    ],
)
def test_hit_policies(tmp_path: Path, hit: str, more: str, score: int, value: Any) -> None:
    logic = table(hit, ROWS, results="2, 1, 0", more=more)
    made = engine(tmp_path, given("分数") + decision("档次", logic, facts="分数"))
    run = made.run({"分数": Decimal(score)})
    assert run.decision("档次") == value
    if value is None and score == 90:
        assert run.notes, "why is told"


def test_values_that_a_column_does_not_allow_are_null_for_it(tmp_path: Path) -> None:
    logic = table("FIRST", [("null", '"没有"'), ("-", '"有"')], allowed="[0..100]", results='"没有"')
    made = engine(tmp_path, given("分数") + decision("档次", logic, facts="分数"))
    assert made.run({"分数": Decimal(101)}).decision("档次") == "没有"
    assert made.run({"分数": None}).decision("档次") == "没有"
    assert made.run({"分数": Decimal(5)}).decision("档次") is None, "the result is none that may be"


def test_decisions_are_worked_out_once_and_in_their_order(tmp_path: Path) -> None:
    body = given("收入") + given("费用")
    body += decision("占比", text("费用 / 收入"), kind="number", facts="收入 费用")
    body += decision("够", text("占比 ≥ 3%"), kind="boolean", decisions="占比")
    run = engine(tmp_path, body).run({"收入": Decimal(100), "费用": Decimal(3)})
    assert run.decision("够") is True
    assert run.decision("占比") == Decimal("0.03")
    broken = engine(tmp_path, body).run({"收入": Decimal(0), "费用": Decimal(3)})
    assert broken.decision("够") is None
    assert "does not fit" in broken.notes[0].message
    assert broken.notes[0].file.endswith("m.dmn")


TYPES = """
<itemDefinition name="档"><typeRef>string</typeRef><allowedValues><text>"甲","乙"</text></allowedValues></itemDefinition>
<itemDefinition name="丙档"><typeRef>档</typeRef><allowedValues><text>"丙"</text></allowedValues></itemDefinition>
<itemDefinition name="名单" isCollection="true"><typeRef>string</typeRef></itemDefinition>
<itemDefinition name="企业"><itemComponent name="名 称"><typeRef>string</typeRef></itemComponent>
  <itemComponent name="人数"><typeRef>number</typeRef></itemComponent></itemDefinition>
<itemDefinition name="一览"><functionItem outputTypeRef="名单"/></itemDefinition>
"""


@pytest.mark.parametrize(
    ("kind", "said", "value"),
    [
        ("档", '"甲"', "甲"),
        ("档", '"丙"', None),
        ("丙档", '"丙"', "丙"),
        ("丙档", '"甲"', None),
        ("名单", '"一"', ["一"]),
        ("string", '[["一"]]', "一"),
        ("名单", "[1]", None),
        ("企业", '{名 称: "示例", 人数: 3}', {"名 称": "示例", "人数": 3}),
        ("企业", '{名 称: "示例"}', None),
        ("date and time", 'date("2026-01-01")', "2026-01-01T00:00:00Z"),
        ("没有的", "1", 1),
    ],
)
def test_results_fit_their_types_or_are_null(tmp_path: Path, kind: str, said: str, value: Any) -> None:
    found = engine(tmp_path, TYPES + decision("甲", text(said), kind=kind)).run({}).decision("甲")
    assert (str(found) if isinstance(value, str) else found) == value


def test_shared_functions_and_services(tmp_path: Path) -> None:
    body = TYPES + given("人数")
    body += (
        '<businessKnowledgeModel id="f" name="阶乘"><variable name="阶乘" typeRef="number"/><encapsulatedLogic>'
        '<formalParameter name="n" typeRef="number"/>'
        + text("if n < 2 then 1 else n * 阶乘(n - 1)")
        + "</encapsulatedLogic></businessKnowledgeModel>"
    )
    body += (
        '<businessKnowledgeModel id="g" name="列"><variable name="列" typeRef="一览"/><encapsulatedLogic>'
        '<formalParameter name="x"/>' + text("x") + "</encapsulatedLogic></businessKnowledgeModel>"
    )
    body += decision("翻倍", text("人数 * 2"), kind="number", facts="人数")
    body += (
        '<decisionService id="s" name="服务"><variable name="服务"/><outputDecision href="#翻倍"/>'
        '<inputData href="#人数"/></decisionService>'
    )
    body += decision("甲", text("阶乘(5)"), shares="f") + decision("乙", text('列("一")'), shares="g")
    body += decision("丙", text("服务(人数: 4) + 服务(1)"), shares="s") + decision(
        "丁", text('服务("x")'), shares="s"
    )
    run = engine(tmp_path, body).run({"人数": Decimal(7)})
    assert [run.decision(name) for name in "甲乙丙丁"] == [120, ["一"], 10, None]
    assert run.service("服务") == 14
    assert run.decision("翻倍") == 14


BOXED = """
<context><contextEntry><variable name="a"/><literalExpression><text>[1, 2, 3]</text></literalExpression></contextEntry>
<contextEntry><variable name="大"/><filter><in><literalExpression><text>a</text></literalExpression></in>
  <match><literalExpression><text>item > 1</text></literalExpression></match></filter></contextEntry>
<contextEntry><variable name="平方"/><for iteratorVariable="x"><in><literalExpression><text>大</text></literalExpression></in>
  <return><literalExpression><text>x * x</text></literalExpression></return></for></contextEntry>
<contextEntry><variable name="有"/><some iteratorVariable="x"><in><literalExpression><text>平方</text></literalExpression></in>
  <satisfies><literalExpression><text>x = 9</text></literalExpression></satisfies></some></contextEntry>
<contextEntry><conditional><if><literalExpression><text>有</text></literalExpression></if>
  <then><relation><column name="甲"/><column name="乙"/><row><literalExpression><text>1</text></literalExpression>
    <literalExpression><text>平方</text></literalExpression></row></relation></then>
  <else><list><literalExpression><text>0</text></literalExpression></list></else></conditional></contextEntry></context>
"""


def test_boxed_expressions(tmp_path: Path) -> None:
    found = engine(tmp_path, decision("甲", BOXED)).run({}).decision("甲")
    assert found == [{"甲": 1, "乙": [4, 9]}]


@pytest.mark.parametrize("where", ["", "below/"])
def test_imported_models_stand_under_their_name_or_as_if_they_stood_here(tmp_path: Path, where: str) -> None:
    (tmp_path / "below").mkdir()
    other = given("人数") + decision("双", text("人数 * 2"), facts="人数")
    engine(tmp_path, other, namespace="urn:b", name=f"{where}b.dmn")
    place = f'locationURI="{where}b.dmn"' if where else ""
    need = '<informationRequirement><requiredDecision href="urn:b#双"/></informationRequirement>'
    named = engine(
        tmp_path,
        f'<import namespace="urn:b" name="乙库" {place}/>' + decision("甲", need + text("乙库.双 + 1")),
    )
    assert named.run({"乙库": {"人数": Decimal(4)}}).decision("甲") == 9
    need = need.replace("urn:b#", "#")
    plain = engine(
        tmp_path, f'<import namespace="urn:b" name="" {place}/>' + decision("甲", need + text("双 + 1"))
    )
    assert plain.run({"人数": Decimal(4)}).decision("甲") == 9

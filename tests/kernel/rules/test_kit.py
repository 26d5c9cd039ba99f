"""OMG's conformance kit, from its own XML; and that its runner finds what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support import needs
from zhitong.kernel.rules import RulesError, read, tck
from zhitong.kernel.rules.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """<?xml version="1.0"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">
  <inputData id="i" name="人数"><variable name="人数" typeRef="number"/></inputData>
  <decision id="d" name="规模"><variable name="规模" typeRef="string"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression typeRef="number"><text>人数</text></inputExpression></input>
      <output name="规模" typeRef="string"/>
      <rule><inputEntry><text>&lt; 20</text></inputEntry><outputEntry><text>"微型"</text></outputEntry></rule>
      <rule><inputEntry><text>[20..300)</text></inputEntry><outputEntry><text>"小型"</text></outputEntry></rule>
      <rule><inputEntry><text>≥ 300</text></inputEntry><outputEntry><text>"中型以上"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="e" name="坏"><variable name="坏"/><literalExpression><text>1 +</text></literalExpression></decision>
  <decision id="c" name="环"><variable name="环"/>
    <informationRequirement><requiredDecision href="#c"/></informationRequirement>
    <literalExpression><text>环</text></literalExpression></decision>
</definitions>
"""
CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <modelName>m.dmn</modelName>
  <testCase id="1"><inputNode name="人数"><value xsi:type="xsd:decimal">25</value></inputNode>
    <resultNode name="规模" type="decision"><expected><value xsi:type="xsd:string">小型</value></expected></resultNode>
    <resultNode name="坏" type="decision" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode>
    <resultNode name="环" type="decision" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase>
  <testCase id="2"><inputNode name="人数"><value xsi:type="xsd:decimal">300</value></inputNode>
    <resultNode name="规模" type="decision"><expected><value xsi:type="xsd:string">小型</value></expected></resultNode>
    <resultNode name="没有" type="decision"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase>
</testCases>
"""


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    folder = tmp_path / "level" / "0001-group"
    folder.mkdir(parents=True)
    (folder / "m.dmn").write_text(MODEL, encoding="utf-8")
    (folder / "0001-test-01.xml").write_text(CASES, encoding="utf-8")
    return tmp_path


def test_the_runner_tells_passed_refused_wrong_and_unread_apart(kit: Path) -> None:
    report = tck.run(kit)
    assert [(result.node, result.outcome) for result in report.results] == [
        ("规模", tck.PASSED), ("坏", tck.REFUSED), ("环", tck.REFUSED), ("规模", tck.WRONG), ("没有", tck.UNREAD),
    ]  # fmt: skip
    refused = report.results[1]
    assert "m.dmn:14:80:" in refused.reason, "with its place in the file of the model"
    assert "A value is missing" in refused.reason
    assert "needs itself" in report.results[2].reason
    assert report.results[3].answered == '"中型以上"'


def test_the_command_prints_groups_and_fails_where_an_answer_is_wrong(
    kit: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tck", str(kit)]) == 1
    printed = capsys.readouterr().out
    assert "level/0001-group" in printed
    assert 'expected "小型", answered "中型以上"' in printed
    assert main(["tck", str(kit), "--json"]) == 1
    assert len(json.loads(capsys.readouterr().out)) == 5
    cases = kit / "level/0001-group/0001-test-01.xml"
    cases.write_text(CASES[: CASES.index('  <testCase id="2">')] + "</testCases>", encoding="utf-8")
    assert main(["tck", str(kit)]) == 0
    assert main(["tck", str(kit / "nowhere")]) == 1
    assert "is no folder" in capsys.readouterr().err


def test_the_command_works_out_one_expression(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["feel", "研发费用 / 营业收入 ≥ 3%", "--fact", "研发费用=300万", "--fact", "营业收入=1亿"]) == 0
    )
    assert capsys.readouterr().out == "true\n"
    assert main(["feel", "1 +"]) == 1
    assert "<text>:1:4: A value is missing here." in capsys.readouterr().err
    assert main(["feel", "1", "--fact", "甲"]) == 1
    assert "NAME=VALUE" in capsys.readouterr().err


def test_the_package_is_used_alone() -> None:
    """No framework, no settings: another city may take this part only."""
    call = [sys.executable, "-m", "zhitong.kernel.rules", "feel", "1 + 1"]
    assert subprocess.run(call, capture_output=True, text=True, check=True).stdout == "2\n"
    asked = "import sys, zhitong.kernel.rules; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<a>", "no XML"),
        ('<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>', "declares entities"),
        ("<a>" * 500, "deep"),
    ],
)
def test_files_that_are_no_models_are_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "m.dmn"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RulesError, match=message):
        read(path)


@pytest.mark.data
def test_no_answer_to_the_kit_is_wrong() -> None:
    folder = needs.data()
    assert folder is not None
    report = tck.run(folder / "dmn-tck")
    total = report.total()
    faults = [result for result in report.results if result.outcome in {tck.WRONG, tck.UNREAD}]
    assert not faults, faults[:10]
    assert total[tck.PASSED] > 1_200
    assert total[tck.REFUSED] > 800
    levels = {group.split("/")[0] for group in report.counts()}
    assert levels == {"compliance-level-2", "compliance-level-3"}

"""The activities of GB/T 4754-2017."""

from __future__ import annotations

import pytest

from tests.support.source import ROOT
from zhitong.kernel.codes import read_activities

TABLE = read_activities((ROOT / "data/codes/gbt4754-2017.csv").read_text(encoding="utf-8").splitlines())


def test_the_table_is_whole() -> None:
    levels = [activity.level for activity in TABLE.by_code.values()]
    assert (levels.count(1), levels.count(2)) == (20, 97)
    # Groups that are one class have no line of their own: 473 with them.
    alone = {code[:4] for code in TABLE.by_code if len(code) == 5} - set(TABLE.by_code)
    assert levels.count(3) + len(alone) == 473
    manufacturing = {code for code in TABLE.by_code if code[0] == "C" and len(code) == 3}
    assert manufacturing == {f"C{number}" for number in range(13, 44)}


@pytest.mark.parametrize("text", ["C3985", "c3985", "3985", " 3985 "])
def test_a_code_is_found_with_and_without_letter(text: str) -> None:
    assert TABLE.find(text).code == "C3985"


@pytest.mark.parametrize("text", ["", "C", "C9999", "9999", "A3985", "电子"])
def test_what_is_no_activity_is_not_found(text: str) -> None:
    found = TABLE.find(text)
    assert found is None or found.code == text == "C"


def test_the_way_down_to_a_class() -> None:
    assert [row.code for row in TABLE.path("C3985")] == ["C", "C39", "C398", "C3985"]
    assert [row.code for row in TABLE.path("K7010")] == ["K", "K70", "K7010"]
    assert TABLE.path("C9999") == []


def test_every_activity_is_reached_from_the_sections() -> None:
    waiting, seen = TABLE.children(), set()
    while waiting:
        row = waiting.pop()
        seen.add(row.code)
        waiting += TABLE.children(row.code) if row.level < 4 else []
    assert seen == set(TABLE.by_code)


@pytest.mark.parametrize("lines", ["C,x\nC,x", "C1,x", "C,x\nC1,x", "C01,x", "1,x", "C,x\nCAB,x"])
def test_a_wrong_table_is_refused(lines: str) -> None:
    with pytest.raises(ValueError, match="is no code"):
        read_activities(f"code,name\n{lines}".splitlines())

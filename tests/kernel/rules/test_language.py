"""How expressions are read: Chinese names and signs, grammar, and what is refused with its place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhitong.kernel.rules import RulesError, evaluate
from zhitong.kernel.rules.feel.writing import written
from zhitong.kernel.rules.lang.names import canonical

FACTS = {
    "营业收入（万元）": Decimal(60_000_000),
    "研发费用占比": Decimal("0.79999"),
    "研发费用": 7,
    "人 数": 25,
}


def said(text: str, **facts: object) -> str:
    return written(evaluate(text, {**FACTS, **facts}).value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("营业收入（万元） ≥ 5000万", "true"),
        ("营业收入(万元)>=5000万元", "true"),
        ("研发费用占比 ≥ 80%", "false"),
        ("研发费用占比 < 80%", "true"),
        ("研发费用 + 1", "8"),
        ("人数", "null"),
        ("人 数 ≠ 24", "true"),
        ("人 数 in ［20..30］", "true"),
        ('if 人 数 ＞ 20 then “大"型” else “小型”', '"大\\"型"'),
        ("2亿 = 20000万 and 2亿元 = 200000000", "true"),
        ("1.5万亿", "1500000000000"),
        ("｛甲：１，乙：甲＋１｝．乙", "2"),
        ('"（≥）"', '"（≥）"'),
        ("3 // 三\n + 4 /* 四 */", "7"),
    ],
)
def test_what_people_type_with_a_chinese_keyboard_is_read(text: str, value: str) -> None:
    assert said(text) == value


def test_the_longest_known_name_wins() -> None:
    assert said("甲 - 乙", 甲=5, 乙=3) == "2"
    assert said("甲 - 乙", **{"甲": 5, "乙": 3, "甲-乙": 9}) == "9"
    assert canonical("营业收入 （ 万元 ）") == canonical("营业收入(万元)")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - -4", "11"),
        ("-5 ** 2", "25"),
        ("3 ** 4 ** 5", "3486784401"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("1 / 3 * 3", "0.9999999999999999999999999999999999"),
        ("not(null)", "null"),
        ("false and null", "false"),
        ("null or true", "true"),
        ("true and null", "null"),
        ("5 between 1 and 10 and 2 > 1", "true"),
        ("1 in (< 0, > 5, [1..2])", "true"),
        ("1 in ]1..2]", "false"),
        ("1 in [2..3] or 1 in [1..2] and 2 in > 1", "true"),
        ("1 in [1, 2] = true", "true"),
        ("2 in [1..2[", "false"),
        ("for i in 1..3, j in i..3 return i * j", "[1, 2, 3, 4, 6, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, null] satisfies x > 0", "null"),
        ("[{a: 1}, {a: 2}][a > 1].a", "[2]"),
        ("[1, 2, 3][-1]", "3"),
        ("(function(a: number, b) a + b)(b: 1, a: 2)", "3"),
        ("{f: function(n) if n < 2 then 1 else n * 2, v: f(4)}.v", "8"),
        ('date("2026-02-28") + duration("P1M")', "2026-03-28"),
        ('date("2024-01-31") + @"P1M"', "2024-02-29"),
        ('@"2026-03-01" - @"2026-02-28"', "P1D"),
        ('@"2026-01-01".weekday', "4"),
        ('years and months duration(@"2024-03-31", @"2026-03-30").years', "1"),
        ("string length(substring before(\"foobar\", 'bar'))", "null"),
        ('matches("FS2026-7", "^[A-Z]{2}\\d{4}-\\d+$")', "true"),
        ('replace("2026-11", "(\\d+)-(\\d+)", "$2/$1")', '"11/2026"'),
        ("sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]"),
        ("sum(1, 2, 3) = sum([1, 2, 3])", "true"),
        ("[1, [2, 3]] instance of list<Any>", "true"),
        ('range("[1..10)").end included', "false"),
    ],
)  # fmt: skip
def test_expressions(text: str, value: str) -> None:
    if "'bar'" in text:
        with pytest.raises(RulesError, match="A value is missing"):
            evaluate(text)
        return
    assert written(evaluate(text).value) == value


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("营业收入 ≥", (1, 7), "A value is missing here"),
        ("1 +\n  * 2", (2, 3), "A value is missing here"),
        ("（1 + 2", (1, 7), "'\\)' is missing here"),
        ("甲 乙", (1, 3), "does not belong"),
        ("“没有结束", (1, 1), "This text has no end"),
        ("1 # 2", (1, 3), "begins nothing that is known"),
        ("[1..", (1, 5), "A value is missing here"),
        ("if 1 then 2", (1, 12), "'else' is missing"),
        ("for in 1..2 return 3", (1, 5), "A name is missing here"),
        ("f(1, a: 2)", (1, 1), "Some arguments have names"),
    ],
)
def test_a_fault_is_told_with_its_place_and_how_to_mend_it(
    text: str, place: tuple[int, int], message: str
) -> None:
    with pytest.raises(RulesError, match=message) as caught:
        evaluate(text, file="政策.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == place
    assert problem.file == "政策.yaml"
    assert problem.mend
    assert str(problem).startswith(f"政策.yaml:{place[0]}:{place[1]}: ")


def test_all_signs_that_begin_nothing_are_told_at_once() -> None:
    with pytest.raises(RulesError) as caught:
        evaluate("1 # 2 $ 3 & 4")
    assert [problem.column for problem in caught.value.problems] == [3, 7, 11]


def test_what_was_null_and_why_is_told() -> None:
    answer = evaluate('"a" + 1 = date("2026-02-30")')
    assert answer.value is True  # null = null, as the standard has it
    assert [note.column for note in answer.notes] == [1, 11]
    assert evaluate("没有的事实 > 1").notes[0].text == "没有的事实"

"""Absurd and hostile texts end soon, with a place, and reach nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.rules.books import DICTIONARY, TODAY, firms, frame
from zhitong.kernel.rules import RulesError, evaluate
from zhitong.kernel.rules.feel.values import kind_of
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.policy.check import condition
from zhitong.kernel.rules.policy.frames import Plan
from zhitong.kernel.rules.policy.rows import Row

PIECES = [
    "1",
    "2.5",
    "1e400",
    ".5",
    '"a"',
    "“乙”",
    "true",
    "false",
    "null",
    "甲",
    "营业收入",
    "?",
    "item",
    "a.b",
    "f(",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "..",
    ".",
    "+",
    "-",
    "*",
    "/",
    "**",
    "<",
    "<=",
    "=",
    "!=",
    ">=",
    ">",
    "≥",
    "if",
    "then",
    "else",
    "for",
    "in",
    "return",
    "some",
    "every",
    "satisfies",
    "function",
    "external",
    "between",
    "and",
    "or",
    "not(",
    "instance",
    "of",
    "list<",
    ">",
    '@"2026-01-01"',
    '@"P1D"',
    "date(",
    "duration(",
    "count(",
    "matches(",
    "万",
    "%",
    "//",
    "/*",
    "*/",
    ";",
    "#",
    "\\",
    "\x00",
    "🐎",
    "“",
    "”",
    '"',
]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join) | st.text(max_size=60))
def test_every_text_is_worked_out_or_refused_with_a_place(text: str) -> None:
    try:
        answer = evaluate(text, {"甲": 1, "营业收入": None})
    except RulesError as error:
        for problem in error.problems:
            assert 1 <= problem.line <= text.count("\n") + 1
            assert 1 <= problem.column <= len(text) + 1
            assert problem.message.endswith(".")
    else:
        assert kind_of(answer.value)


WORDS = [
    "营收",
    "研发费用",
    "人数",
    "负债率",
    "能耗",
    "高企",
    "行业",
    "成立日期",
    "基准日",
    "没有",
    "至少(",
    "缺省(",
    "已填报(",
    "年限(",
    "max(",
    "min(",
    "abs(",
    "not(",
    "date(",
    "null",
    '"C13"',
    '"X"',
    '@"P1Y"',
    '@"P3D"',
    '@"10:00:00"',
    '@"2026-01-01"',
    "5",
    "0",
    "2%",
    "3万元",
    "1e99999",
    "[",
    "]",
    "(",
    ")",
    ",",
    "=",
    "!=",
    ">=",
    "<",
    "+",
    "-",
    "*",
    "/",
    "**",
    "and",
    "or",
    "in",
    "between",
    "if",
    "then",
    "else",
    "true",
    "false",
]


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=18).map(" ".join))
def test_every_text_is_a_condition_or_refused_with_a_place(text: str) -> None:
    try:
        made = condition(Source(text), DICTIONARY, TODAY)
    except RulesError as error:
        told = [problem.line == 1 and problem.message.endswith(".") for problem in error.problems]
        assert all(told), error.problems  # noqa: PT017 - either a condition or its faults
    else:
        Row(DICTIONARY, {}, TODAY).holds(made.tree)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("高企" + " = 高企" * 600, "too intricate"),
        ("高企" + " and 高企" * 5_000, ""),
        ("max(" + ", ".join(["人数"] * 400) + ") > 1", ""),
        ("max(" * 40 + "人数" + ", 人数)" * 40 + " > 1", ""),
    ],
)
def test_conditions_that_are_long_or_deep_end_soon(text: str, message: str) -> None:
    if message:
        with pytest.raises(RulesError, match=message):
            condition(Source(text), DICTIONARY, TODAY)
        return
    made = condition(Source(text), DICTIONARY, TODAY)
    if made.test is None:
        assert "too intricate for columns" in made.why_slow
    else:
        assert Plan({"x": made.test}).run(frame(firms(1, 5))).collect().height == 5


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5_000 + "1" + ")" * 5_000,
        "[" * 5_000,
        "-" * 5_000 + "1",
        "a" + ".b" * 5_000,
        "a" + "[1]" * 5_000,
        "1 in (" * 5_000,
        "if true then " * 5_000,
        "{a:" * 5_000,
        "function(a) " * 5_000,
        "1 instance of " + "list<" * 5_000,
        "x" * 2_000_000,
        "1 " * 300_000,
    ],
    ids=lambda text: text[:14],
)
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(RulesError) as caught:
        evaluate(text)
    assert "Divide" in caught.value.problems[0].mend or "belong" in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("for a in 1..10000000 return a", "items"),
        ("count(for a in 1..2000, b in 1..2000 return 1)", "items"),
        ("{f: function(n) f(n)}.f(1)", "too deep"),
        ("some a in 1..10000000 satisfies a < 0", "steps"),
        ("(function(f, n) f(f, n))(function(f, n) f(f, n), 1)", "too deep"),
        ("10 ** 1000000", "does not fit"),
        ("9 ** 99999 * 9 ** 99999", "does not fit"),
        ("1 / 0", "does not fit"),
        ("list replace([1], 1e40, 2)", "no value"),
        ("for x in 1..1e30 return x", "Only lists"),
        ('duration("P99999999999999999999999999999999999Y") * 1e300', "does not fit"),
        ('@"999999999-12-31" + @"P1D"', "does not fit"),
        ('matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "' + "(" * 300 + '")', "no value"),
        ('matches("' + "a" * 200 + '!", "^(a|aa|aaa)*$")', "no value"),
        ('split("' + "a" * 200 + '!", "^(a|aa|aaa)*$")', "no value"),
        ('replace("' + "a" * 200 + '!", "^(a|aa|aaa)*$", "")', "no value"),
        ("some a in [1] satisfies", ""),
    ],
)
def test_what_cannot_be_worked_out_is_null_with_a_note(text: str, note: str) -> None:
    if not note:
        with pytest.raises(RulesError):
            evaluate(text)
        return
    answer = evaluate(text)
    assert answer.value is None
    assert any(note in problem.message for problem in answer.notes), answer.notes


@pytest.mark.parametrize(
    "text",
    [
        "a.__class__",
        '"x".__class__.__mro__',
        "__import__",
        "eval",
        "open(1)",
        "().__class__",
        "date.run",
        "{a: 1}.keys",
    ],
)
def test_nothing_of_python_is_reached(text: str) -> None:
    try:
        assert evaluate(text, {"a": 1}).value is None
    except RulesError:
        return


def test_a_sum_of_ten_thousand_parts_is_worked_out() -> None:
    assert evaluate("+".join(["1"] * 10_000)).value == 10_000
    assert evaluate(" and ".join(["true"] * 10_000)).value is True


def test_texts_and_lists_that_double_have_an_end() -> None:
    made = evaluate('for i in 1..30 return if i = 1 then "ab" else partial[-1] + partial[-1]')
    assert made.value[10] is not None
    assert made.value[-1] is None
    doubled = "for i in 1..40 return if i = 1 then [1, 2] else concatenate(partial[-1], partial[-1])"
    assert evaluate(doubled).value is None
    assert evaluate("odd(1e40)").value is False

"""Absurd and hostile texts end soon, with a place, and reach nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhitong.kernel.rules import RulesError, evaluate
from zhitong.kernel.rules.feel.values import kind_of

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

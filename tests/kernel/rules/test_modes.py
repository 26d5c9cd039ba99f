"""Wherever the standard answers and a policy does not, a warning stands in the text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.kernel.rules.books import DICTIONARY, TODAY, Book, firms
from zhitong.kernel.rules.facts.dictionary import NUMERIC, Kind
from zhitong.kernel.rules.feel.dates import Date, date_at
from zhitong.kernel.rules.feel.interpret import KNOWN, Interpreter
from zhitong.kernel.rules.feel.scope import Scope, Work
from zhitong.kernel.rules.lang.names import Names
from zhitong.kernel.rules.lang.parser import expression
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.policy.check import condition
from zhitong.kernel.rules.policy.modes import differences
from zhitong.kernel.rules.policy.rows import Row

OWN = re.compile(
    "至少|缺省|已填报|年限|基准日|max|min|abs"
)  # words that the standard does not know, or takes otherwise


def warned(text: str) -> list[tuple[int, str]]:
    source = Source(text)
    tree = condition(source, DICTIONARY, TODAY).tree
    return [(problem.column, problem.message) for problem in differences(tree, source, DICTIONARY)]


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        ("人数 ≥ 20", [], ""),
        ("not(人数 ≥ 20)", [], ""),
        ("人数 in [20..300)", [], ""),
        ("人数 = null or 人数 != null", [], ""),
        ("人数 = 20", [1], "is false where 人数 is missing"),
        ("人数 > 1 and 人数 ≠ 20", [12], "is true where 人数 is missing"),
        ('行业 in ("C13", "C34")', [1], "is false where 行业 is missing"),
        ("人数 in (20, [30..40])", [1], "is false"),
        ("if 高企 then 人数 > 1 else 人数 > 9", [1], "takes its other way where 高企 is missing"),
        ("(高企) = (失信)", [2], "where 高企, 失信 is missing"),
    ],
)
def test_each_place_is_told(text: str, columns: list[int], said: str) -> None:
    found = warned(text)
    assert [column for column, _message in found] == columns
    assert all(said in message for _column, message in found)


def by_the_standard(text: str, row: dict[str, Any]) -> Any:
    """The same text and firm in the standard's mode: a missing fact is null."""
    source, facts = Source(text), {}
    for name, fact in DICTIONARY.by_name.items():
        kept = row[fact.name]
        facts[name] = _value(fact.kind, kept, fact.scale) if kept is not None else None
    tree = expression(source, KNOWN, Names(facts))
    return Interpreter(Work(source), {}).whole(tree, Scope(facts))


def _value(kind: Kind, kept: Any, scale: int) -> Any:
    if kind in NUMERIC:
        return Decimal(kept) / scale
    return date_at(Date(1970, 1, 1).ordinal + kept) if kind is Kind.DAY else kept


@pytest.mark.parametrize("seed", range(6))
def test_no_difference_without_a_warning(seed: int) -> None:
    """And with no warning anywhere, the standard's null is the policy's unknown."""
    parted = 0
    texts = [text for text in Book(seed).conditions(120) if not OWN.search(text)]
    assert len(texts) > 10
    for text in texts:
        tree = condition(Source(text), DICTIONARY, TODAY).tree
        warnings = differences(tree, Source(text), DICTIONARY)
        for row in firms(seed, 40):
            standard, policy = by_the_standard(text, row), Row(DICTIONARY, row, TODAY).holds(tree)
            if policy is None and standard is not None:
                parted += 1
                assert warnings, text
            if policy is not None and not warnings:
                assert standard is policy, text
    assert parted, "they do part somewhere"

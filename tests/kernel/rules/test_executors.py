"""The same condition, the same answer: row by row, by arrays and by frames, for random books and random gaps."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
import pytest

from tests.kernel.rules.books import DICTIONARY, TODAY, Book, columns, firms, frame
from zhitong.kernel.rules.lang.source import Source
from zhitong.kernel.rules.policy import ir
from zhitong.kernel.rules.policy.arrays import Arrays
from zhitong.kernel.rules.policy.check import Condition, condition
from zhitong.kernel.rules.policy.closures import closure
from zhitong.kernel.rules.policy.frames import Plan
from zhitong.kernel.rules.policy.rows import Row

CONDITIONS = 40
FIRMS = 200
WIDE = 20_000  # firms over which only the two ways by columns are compared


def compiled(texts: list[str]) -> dict[str, Condition]:
    found = {text: condition(Source(text), DICTIONARY, TODAY) for text in texts}
    fit = {text: one for text, one in found.items() if one.test is not None}
    assert len(fit) > 0.9 * len(found), "nearly all of these fit into columns"
    return fit


def by_arrays(tests: dict[str, ir.Test], rows: list[dict[str, Any]]) -> dict[str, list[bool | None]]:
    arrays = Arrays(columns(rows), len(rows))
    found = {}
    for name, test in tests.items():
        value, known = arrays.of(test)
        found[name] = [bool(one) if sure else None for one, sure in zip(value, known, strict=True)]
    return found


def by_frames(tests: dict[str, ir.Test], rows: list[dict[str, Any]]) -> dict[str, list[bool | None]]:
    return Plan(tests).run(frame(rows)).collect().to_dict(as_series=False)


def by_closures(tests: dict[str, ir.Test], rows: list[dict[str, Any]]) -> dict[str, list[bool | None]]:
    return {name: [work(row) for row in rows] for name, test in tests.items() for work in [closure(test)]}


def by_rows(conditions: dict[str, Condition], rows: list[dict[str, Any]]) -> dict[str, list[bool | None]]:
    return {
        text: [Row(DICTIONARY, row, TODAY).holds(one.tree) for row in rows]
        for text, one in conditions.items()
    }


@pytest.mark.parametrize("seed", range(12))
def test_all_ways_say_the_same(seed: int) -> None:
    conditions = compiled(Book(seed).conditions(CONDITIONS))
    rows = firms(seed, FIRMS)
    tests = {text: one.test for text, one in conditions.items() if one.test is not None}
    reference = by_rows(conditions, rows)
    said = {answer for answers in reference.values() for answer in answers}
    assert said == {True, False, None}
    for way in (by_arrays, by_frames, by_closures):
        found = way(tests, rows)
        different = [
            (text, rows[number], wanted, got)
            for text in conditions
            for number, (wanted, got) in enumerate(zip(reference[text], found[text], strict=True))
            if wanted is not got
        ]
        assert not different, (way.__name__, different[0])


def test_ten_million_cells_by_columns_say_the_same() -> None:
    """And as many again with other seeds where ZHITONG_LONG asks for it."""
    cells, seed = 0, 100
    rows = firms(seed, WIDE)
    given, whole = columns(rows), frame(rows)
    goal = 10**7 * (10 if os.environ.get("ZHITONG_LONG") else 1)
    while cells < goal:
        seed += 1
        conditions = compiled(Book(seed).conditions(CONDITIONS * 3))
        tests = {text: one.test for text, one in conditions.items() if one.test is not None}
        arrays, frames = Arrays(given, WIDE), Plan(tests).run(whole).collect()
        for text, test in tests.items():
            value, known = arrays.of(test)
            column = frames[text]
            sure = column.is_not_null().to_numpy()
            assert np.array_equal(sure, known), text
            assert np.array_equal(column.fill_null(value=False).to_numpy() & sure, value & known), text
            cells += WIDE


@pytest.mark.parametrize("piece", [ir.Compare, ir.All, ir.Some, ir.AtLeast, ir.Where, ir.Switch, ir.Years])
def test_a_way_that_is_wrong_somewhere_is_found(
    piece: type[ir.Piece], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault is planted into one piece of one way; the comparison finds it."""
    from zhitong.kernel.rules.policy import arrays as room

    right = room.PIECES[piece]

    def wrong(over: Arrays, one: Any) -> Any:
        value, known = right(over, one)
        return (value, known | True) if piece is not ir.Years else (value + 1, known)

    monkeypatch.setitem(room.PIECES, piece, wrong)
    with pytest.raises(AssertionError, match="by_arrays"):
        _all_seeds()


def _all_seeds() -> None:
    for seed in range(12):
        test_all_ways_say_the_same(seed)

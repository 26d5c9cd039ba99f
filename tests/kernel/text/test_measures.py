from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from zhitong.kernel.text import measures
from zhitong.kernel.text.classifier import softmax

LABELS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


@given(LABELS)
def test_f1_is_that_of_another_program(rows: list[tuple[int, int]]) -> None:
    true, found = np.array(rows).T
    wanted = f1_score(true, found, average="macro", labels=np.unique(true), zero_division=0)
    assert measures.macro_f1(true, found) == pytest.approx(wanted)


def test_calibration_error_is_nothing_where_probabilities_hold() -> None:
    chances = np.repeat([0.25, 0.75], 100)
    right = np.concatenate([np.arange(100) < 25, np.arange(100) < 75])
    assert measures.calibration_error(chances, right) == pytest.approx(0)
    assert measures.calibration_error(np.ones(4), np.array([True, True, False, False])) == pytest.approx(0.5)


@pytest.mark.parametrize("factor", [0.2, 1.0, 5.0])
def test_steepness_is_found_again(factor: float) -> None:
    draw = np.random.default_rng(1)
    scores = draw.normal(size=(20_000, 3))
    chances = softmax(factor * scores)
    true = (draw.random((len(scores), 1)) > np.cumsum(chances, axis=1)).sum(axis=1)
    assert measures.steepness(scores, true) == pytest.approx(factor, rel=0.1)
    true[:5000] = -1
    assert measures.steepness(scores, true) == pytest.approx(factor, rel=0.1)


def test_a_share_of_few_is_less_sure() -> None:
    sure = measures.at_least(np.array([9, 90, 900]), np.array([10, 100, 1000]))
    assert list(sure) == sorted(sure)
    assert sure == pytest.approx([0.652, 0.841, 0.883], abs=0.002)


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=80), st.sampled_from([0.5, 0.8, 0.95]))
def test_the_threshold_is_the_lowest_that_is_good_enough(
    rows: list[tuple[int, bool]], precision: float
) -> None:
    chances = np.array([chance / 20 for chance, _ in rows])
    right = np.array([good for _, good in rows], bool)
    good = [
        least
        for least in set(chances)
        if measures.at_least(right[chances >= least].sum(), (chances >= least).sum()) >= precision
    ]
    assert measures.threshold(chances, right, precision) == min(good, default=measures.NEVER)

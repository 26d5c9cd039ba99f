"""The three rates: the worked example, exact, and nothing where there is nothing to count."""

from __future__ import annotations

from fractions import Fraction

import pytest

from zhitong.core import data
from zhitong.feedback.rates import Counts, percent, rates

TABLE = data.read("rates", "rates-1")


def test_the_worked_example() -> None:
    found = rates(Counts(valid=40, contacted=38, solved=30, grades={5: 10, 4: 14, 3: 8, 2: 5, 1: 3}), TABLE)
    assert (found.contacted, found.solved, found.satisfied) == (95, 75, 78)
    assert found.combined == Fraction(782, 10)
    assert found.plain == 80, "fairly satisfied counted whole"
    assert (95 * 10 + 75 * 50 + found.plain * 40) / 100 == 79


def test_without_a_valid_visit_there_is_no_rate() -> None:
    found = rates(Counts(valid=0, contacted=0, solved=0, grades={}), TABLE)
    assert (found.contacted, found.solved, found.satisfied, found.combined, found.plain) == (None,) * 5
    assert percent(found.combined) == ""


@pytest.mark.parametrize(("grade", "satisfied"), [(5, 100), (4, 100), (3, 90), (2, 0), (1, 0)])
def test_what_a_grade_counts(grade: int, satisfied: int) -> None:
    found = rates(Counts(valid=1, contacted=0, solved=0, grades={grade: 1}), TABLE)
    assert (found.satisfied, found.contacted) == (satisfied, 0)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(100), "100.0"), (Fraction(200, 3), "66.7"), (Fraction(1, 20), "0.1"), (Fraction(0), "0.0")],
)
def test_a_percentage_is_rounded_half_up_when_it_is_shown(value: Fraction, shown: str) -> None:
    assert percent(value) == shown

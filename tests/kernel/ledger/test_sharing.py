"""Sums that are divided add up, in whole units, and nobody gets more than was claimed."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.ledger import by_score, first_come, pro_rata, shares
from zhitong.kernel.ledger.__main__ import main

WAN = 1_000_000  # fen
CLAIMS = st.lists(st.integers(0, 10**12), max_size=30)


def test_twenty_five_claims_on_a_budget_of_two_hundred() -> None:
    """Ten each come to 250; the budget of 200 gives eight tenths of each."""
    assert pro_rata([10 * WAN] * 25, 200 * WAN, unit=100) == [8 * WAN] * 25


def test_the_remainder_goes_to_the_largest_fractions() -> None:
    assert shares(100, [1, 1, 1]) == [34, 33, 33]
    assert shares(1000, [1, 2, 3], unit=100) == [200, 300, 500]
    assert shares(0, [0, 0]) == [0, 0]
    assert shares(150, [1, 1], unit=100) == [150, 0]


@given(st.integers(0, 10**13), CLAIMS.filter(sum), st.sampled_from([1, 100, 10_000]))
def test_parts_add_up_and_lie_within_a_unit_of_the_exact_share(
    total: int, weights: list[int], unit: int
) -> None:
    parts = shares(total, weights, unit=unit)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, whole)) < 2 * unit
        assert weight or not part or total < unit


@given(CLAIMS, st.integers(0, 10**13), st.sampled_from([1, 100]))
def test_no_claim_gets_more_than_it_asks_and_no_budget_is_exceeded(
    claims: list[int], budget: int, unit: int
) -> None:
    for found in (
        pro_rata(claims, budget, unit=unit),
        first_come(claims, budget),
        first_come(claims, budget, partly=True),
        by_score(claims, list(range(len(claims))), budget),
    ):
        assert sum(found) <= budget
        assert all(0 <= part <= claim for part, claim in zip(found, claims, strict=True))
    if sum(claims) <= budget:
        assert pro_rata(claims, budget, unit=unit) == first_come(claims, budget) == claims
    else:
        assert budget - sum(first_come(claims, budget, partly=True)) == 0


def test_who_comes_first_or_scores_highest_is_served_first() -> None:
    assert first_come([5, 4, 3], 8) == [5, 0, 0]
    assert first_come([5, 4, 3], 8, partly=True) == [5, 3, 0]
    assert by_score([5, 4, 3], [1, 9, 9], 8) == [0, 4, 3]
    assert by_score([5, 4, 3], [1, 9, 9], 8, partly=True) == [1, 4, 3]


@pytest.mark.parametrize(
    ("total", "weights", "unit"), [(1, [], 1), (1, [0], 1), (-1, [1], 1), (1, [-1], 1), (1, [1], 0)]
)
def test_what_cannot_be_divided_is_refused(total: int, weights: list[int], unit: int) -> None:
    with pytest.raises(ValueError, match=r"nobody|below zero"):
        shares(total, weights, unit=unit)


def test_the_command_divides_a_budget(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pro-rata", "200", "150", "150", "--unit", "1"]) == 0
    assert capsys.readouterr().out == "100.00\n100.00\nleft: 0.00\n"
    assert main(["first-come", "200.50", "150", "150"]) == 0
    assert capsys.readouterr().out == "150.00\n50.50\nleft: 0.00\n"
    with pytest.raises(SystemExit):
        main(["pro-rata", "0.001", "1"])
    assert "no amount in yuan and fen" in capsys.readouterr().err

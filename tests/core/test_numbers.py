from __future__ import annotations

from django.db import transaction

from tests.core.threads import at_once
from zhitong.core import numbers
from zhitong.core.models import NumberSeries


def test_each_series_and_year_counts_for_itself(db) -> None:
    taken = [
        numbers.take(*series) for series in [("case", 2026), ("case", 2026), ("case", 2027), ("letter", 2026)]
    ]
    assert taken == [1, 2, 1, 1]
    assert NumberSeries.objects.count() == 3


def test_a_number_taken_in_vain_is_given_again(db) -> None:
    with transaction.atomic():
        numbers.take("case", 2026)
        transaction.set_rollback(True)
    assert numbers.take("case", 2026) == 1


def test_no_number_is_given_twice(committed_db) -> None:
    def take(_: int) -> list[int]:
        found = []
        for _ in range(5):
            with transaction.atomic():
                found.append(numbers.take("case", 2026))
        return found

    found = at_once(6, take)
    assert sorted(number for some in found for number in some) == list(range(1, 31)), found

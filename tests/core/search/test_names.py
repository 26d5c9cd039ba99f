"""Names found by pairs of signs, on both databases."""

from __future__ import annotations

import pytest
from django.db import connection

from zhitong.core import search

NAMES = {
    1: "福州福晶光电有限公司",
    2: "福建晶福(福州)股份有限公司",
    3: "Fuzhou ＡＢＣ Optics",
    4: "厂",
}


@pytest.fixture
def names(db) -> None:
    search.put("firms", NAMES.items())


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("福晶", [1]),
        ("晶福", [2]),
        ("福州", [2, 1]),
        ("福晶光电", [1]),
        ("福光", []),
        ("晶福福州", []),
        ("晶福 福州", [2]),
        ("晶", [2, 1]),
        ("abc", [3]),
        ("ａｂｃ", [3]),
        ("bc", [3]),
        ("厂", [4]),
        ("", []),
        ("()", []),
        ("' OR 1=1 --", []),
        ('"', []),
        ("福*", [2, 1]),
    ],
)
def test_what_is_found_contains_what_was_asked(names, query: str, ids: list[int]) -> None:
    found = search.find("firms", query)
    assert found == ids or (query in {"晶", "福*"} and set(ids) >= set(found or []))


def test_a_name_written_again_is_found_by_its_new_words_only(names) -> None:
    search.put("firms", [(1, "福州新名有限公司")])
    assert (search.find("firms", "福晶"), search.find("firms", "新名")) == ([], [1])
    search.drop("firms", [1, 999])
    assert search.find("firms", "新名") == []


def test_a_common_word_is_not_listed(names) -> None:
    assert search.find("firms", "福州", limit=1) is None
    assert search.find("firms", "福州", limit=2) == [2, 1]


def test_a_missing_table_is_noticed_and_put_back(db) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE search_firms")
    assert search.missing() == ["search_firms"]
    search.install()
    assert search.missing() == []
    with pytest.raises(LookupError):
        search.find("people", "x")


def test_runs_are_not_joined_across_brackets(names) -> None:
    search.put("firms", [(5, "福晶(晶福)有限公司"), (6, "福晶福电子有限公司"), (7, "榕山 山海厂")])
    assert search.find("firms", "福晶福") == [6]
    assert search.find("firms", "榕山山海") == search.find("firms", "榕山海") == []
    assert search.find("firms", "榕山 山海") == [7]


def test_rare_signs_outside_the_first_plane_are_found(names) -> None:
    search.put("firms", [(5, "福州𠮷野家餐饮有限公司")])
    assert search.find("firms", "𠮷野") == search.find("firms", "州𠮷") == [5]


def test_common_words_are_told_by_a_bound_of_thousands(db) -> None:
    search.put("firms", [(at, f"示例{at:04d}号厂") for at in range(1, search.MANY + 2)])
    assert search.find("firms", "示例") is None
    search.drop("firms", list(range(1, 602)))
    assert search.find("firms", "示例") == list(range(search.MANY + 1, 601, -1))
    assert search.find("firms", "示例0602") == [602]

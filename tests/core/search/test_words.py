"""Into which words a query is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.core import search
from zhitong.core.search import words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("停电", ("停电",)),
        ("园区停电影响生产", ("园区", "停电", "影响", "生产")),
        ("货车在北门禁行", ("货车", "北门", "禁行")),
        ("示例一号的电费", ("示例", "一号", "电费")),
        ("停电 停电　退税", ("停电", "退税")),
        ("榕山海", ("榕山海",)),
        ("环评慢", ("环评慢",)),
        ("我们的", ("我们的",)),
        ("的电", ("的电",)),
        ("ＰＬＣ３００故障", ("plc300", "故障")),
        ("ZT-2026-000042", ("zt", "2026", "000042")),
        ("！？…", ()),
    ],
)
def test_words_stand_apart_and_what_the_dictionary_does_not_know_stays_whole(
    query: str, found: tuple
) -> None:
    assert words.cut(query).words == found


def test_single_signs_are_named_not_looked_for() -> None:
    assert words.cut("电 停电 3 电") == words.Asked(("停电",), ("电", "3"))


def test_a_long_query_is_read_up_to_a_bound() -> None:
    assert sum(map(len, words.cut("停电退税招工" * 50).words)) <= words.LONGEST


@given(st.text(max_size=70))
def test_each_word_stands_in_the_query_and_has_two_signs(query: str) -> None:
    asked = words.cut(query)
    plain = search.plain(query)
    assert all(len(word) > 1 and word in plain for word in asked.words)
    assert all(len(word) == 1 for word in asked.short)
    assert len(set(asked.words)) == len(asked.words)


@given(st.text(alphabet="停电退税榕山海的和在ab1", min_size=2, max_size=2))
def test_two_signs_are_one_word(query: str) -> None:
    assert words.cut(query).words == (query,)

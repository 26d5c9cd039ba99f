"""Subjects by weighted words: the longest first, no sign twice, silent where two are alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.text import Lexicon, Scored, decided, rolled_up

WORDS = {
    "power": {"停电": 3, "用电": 2, "线路": 1},
    "land": {"用地": 3, "工业用地": 3, "厂房": 2},
    "loans": {"贷款": 2, "专利": 1, "5G": 2},
    "patents": {"专利": 3, "专利质押": 1},
}
LEXICON = Lexicon(WORDS, passed_over=["使用电子"])


def scores(text: str) -> dict[str, float]:
    return {row.key: row.score for row in LEXICON.ranked(text)}


def test_the_heaviest_subject_comes_first_with_its_words() -> None:
    first, second = LEXICON.ranked("厂房停电，线路老化")
    assert first == Scored("power", 4, ("停电", "线路"))
    assert second == Scored("land", 2, ("厂房",))


def test_a_longer_word_keeps_those_inside_it_from_counting() -> None:
    assert scores("工业用地") == {"land": 3}
    assert scores("专利质押") == {"patents": 1}
    assert scores("使用电子") == {}, "passed over"
    assert scores("使用电子，用电") == {"power": 2}


def test_words_that_overlap_share_no_sign() -> None:
    lexicon = Lexicon({"a": {"一二三": 1}, "b": {"三四": 1, "四五": 1}})
    assert lexicon.found("一二三四五") == ["一二三", "四五"]


def test_a_word_counts_once_and_for_all_its_subjects() -> None:
    assert scores("专利，专利，还是专利") == {"patents": 3, "loans": 1}


def test_latin_words_are_found_whole_and_in_any_width() -> None:
    assert scores("５ｇ信号差") == {"loans": 2}
    assert scores("15G内存") == scores("5Gx") == {}


def test_equal_subjects_stand_in_the_order_of_the_lexicon() -> None:
    rows = Lexicon({"z": {"甲": 1}, "a": {"乙": 1}}).ranked("乙甲")
    assert [row.key for row in rows] == ["z", "a"]


def test_nothing_is_decided_below_the_threshold_or_between_two_alike() -> None:
    rows = LEXICON.ranked("厂房停电，线路老化")
    assert decided(rows, least=4, ahead=2) == rows[0]
    assert decided(rows, least=5, ahead=1) is None
    assert decided(rows, least=1, ahead=3) is None
    assert decided([], least=0, ahead=0) is None
    assert decided(Lexicon({"a": {"甲": 2}, "b": {"乙": 2}}).ranked("甲乙"), least=1, ahead=1) is None


def test_sums_of_what_belongs_together_count_a_shared_word_once() -> None:
    lexicon = Lexicon({"a": {"甲": 2, "丙": 2}, "b": {"甲": 2}, "c": {"乙": 3}})
    rows = rolled_up(lexicon.ranked("甲乙丙"), {"a": "top", "b": "top", "c": "other"})
    assert [(row.key, row.score) for row in rows] == [("top", 4), ("other", 3)]
    assert rows[0].words == ("甲", "丙")


@pytest.mark.parametrize("words", [{"a": {" ": 1}}, {"a": {"甲": 0}}, {"a": {"甲": -1}}])
def test_a_word_needs_signs_and_weight(words: dict[str, dict[str, float]]) -> None:
    with pytest.raises(ValueError, match="positive weight"):
        Lexicon(words)


@given(st.text(alphabet="停用电地工业专利质押厂房线路贷款5Gg，", max_size=40))
def test_no_sign_is_counted_twice(text: str) -> None:
    found = LEXICON.found(text)
    assert len(found) == len(set(found))
    assert all(word in text.casefold() for word in found)
    most = sum(len(word) for word in found)
    assert most <= len(text)
    assert all(row.score == sum(WORDS[row.key][_own(row.key, word)] for word in row.words)
               for row in LEXICON.ranked(text))  # fmt: skip


def _own(key: str, word: str) -> str:
    return next(own for own in WORDS[key] if own.casefold() == word)

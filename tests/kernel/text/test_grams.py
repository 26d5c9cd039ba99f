from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.text.grams import grams, spell

WORDS = st.text(alphabet=st.one_of(st.sampled_from("厂停电ab "), st.characters()), max_size=30)


def plain(text: str, size: int) -> Counter[str]:
    pieces = (text[at : at + size] for at in range(len(text) - size + 1))
    return Counter(piece for piece in pieces if " " not in piece)


@given(WORDS.map(lambda text: text.replace("\0", "")))
def test_runs_are_those_that_stand_there(text: str) -> None:
    codes, counts = grams(text, (1, 2, 3))
    found = {spell(int(code)): int(count) for code, count in zip(codes, counts, strict=True)}
    assert found == plain(text, 1) + plain(text, 2) + plain(text, 3)
    assert sorted(codes) == list(codes)
    assert len(found) == len(codes), "each run has a number of its own"


def test_a_text_that_is_too_short_has_none() -> None:
    for text in ("", "电", "电 厂"):
        assert [len(part) for part in grams(text, (2, 3))] == [0, 0]


def test_signs_beyond_the_basic_plane_are_whole() -> None:
    codes, _ = grams("𠮷野家", (3,))
    assert [spell(int(code)) for code in codes] == ["𠮷野家"]


def test_half_a_sign_does_no_harm() -> None:
    assert len(grams("\ud842电厂", (2,))[0]) == 2

from __future__ import annotations

from zhitong.kernel.text import Corpus, pairs

TEXTS = ["厂区停电，生产线停产", "门前道路破损，货车无法通行", "供电跳闸，夜间停电", "子女入学学位不足", ""]


def test_pairs_do_not_reach_over_punctuation() -> None:
    assert pairs("停电，A3区") == ["停电", "a3", "3区"]
    assert pairs("Ａ３") == ["a3"], "full-width signs are the same"
    assert pairs("") == pairs("。") == pairs("电") == []


def test_the_nearest_text_shares_the_rarest_pairs() -> None:
    corpus = Corpus(TEXTS)
    [first, second] = corpus.nearest("车间又停电了", 2)
    assert {first.place, second.place} == {0, 2}
    assert first.likeness >= second.likeness > 0
    assert first.shared == ("停电",)


def test_a_text_is_nearest_to_itself() -> None:
    for place, text in enumerate(TEXTS[:4]):
        [near] = Corpus(TEXTS).nearest(text, 1)
        assert (near.place, round(near.likeness, 9)) == (place, 1)


def test_nothing_alike_is_nothing_found() -> None:
    assert Corpus(TEXTS).nearest("完全无关", 3) == []
    assert Corpus([]).nearest("停电", 3) == []
    assert Corpus(TEXTS).nearest("停电", 3, least=0.99) == []


def test_equal_texts_stand_in_their_order() -> None:
    assert [near.place for near in Corpus(["停电", "停电", "停电"]).nearest("停电", 2)] == [0, 1]

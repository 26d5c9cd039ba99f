from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.text import reasons
from zhitong.kernel.text.grams import grams


def worth(*runs: str, value: float = 1.0) -> dict[int, float]:
    return {int(grams(run, (len(run),))[0][0]): value for run in runs}


def test_runs_that_go_on_are_one_stretch() -> None:
    text = "车间停电了又来电"
    assert reasons.stretches(text, worth("停电")) == ("停电",)
    assert reasons.stretches(text, worth("停电", "电了", "停电了")) == ("停电了",)
    assert reasons.stretches(text, worth("停电", "电了")) == ("停电", "电了"), (
        "three signs that do not count part them"
    )
    assert reasons.stretches(text, worth("停电", "来电") | worth("来", value=3.0)) == ("来电", "停电")


def test_a_stretch_ends_somewhere_and_stands_once() -> None:
    text = "停电停电停电停电停电停电停电停电"
    codes, _ = grams(text, (2, 3))
    [found] = reasons.stretches(text, dict.fromkeys(codes.tolist(), 1.0))
    assert len(found) == reasons.LONGEST


def test_nothing_worth_showing_is_nothing() -> None:
    assert (
        reasons.stretches("", {})
        == reasons.stretches("停电", {})
        == reasons.stretches("电", worth("电"))
        == ()
    )
    assert reasons.stretches("停电", worth("停电", value=-1.0)) == ()


@given(st.text("停电来了 ", max_size=20), st.sets(st.text("停电来了", min_size=1, max_size=3), max_size=12))
def test_stretches_are_parts_of_the_text_and_not_of_each_other(text: str, runs: set[str]) -> None:
    found = reasons.stretches(text, worth(*runs))
    assert len(found) <= reasons.SHOWN
    assert all(stretch in text and " " not in stretch for stretch in found)
    assert not [one for one in found for other in found if one != other and one in other]

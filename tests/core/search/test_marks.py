"""Why something was found, as HTML."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.core.search import marks


@pytest.mark.parametrize(
    ("text", "words", "html"),
    [
        ("园区停电", ("停电",), "园区<mark>停电</mark>"),
        ("停电停电", ("停电",), "<mark>停电停电</mark>"),
        ("停电影响", ("停电", "电影"), "<mark>停电影</mark>响"),
        ("<b>停电</b> & 完", ("停电",), "&lt;b&gt;<mark>停电</mark>&lt;/b&gt; &amp; 完"),
        ("<停电", ("退税",), "&lt;停电"),
        ("ＰＬＣ３００", ("plc300",), "<mark>ＰＬＣ３００</mark>"),
        ("㎏磅停电", ("停电",), "㎏磅<mark>停电</mark>"),
        ("㎏停", ("kg停",), "<mark>㎏停</mark>"),
        ("", ("停电",), ""),
    ],
)
def test_words_are_marked_and_everything_else_is_escaped(text: str, words: tuple, html: str) -> None:
    assert str(marks.marked(text, words)) == html


def test_the_piece_lies_around_the_first_word() -> None:
    text = "前" * 100 + "停电<b>" + "后" * 200
    piece = str(marks.snippet(text, ("停电",)))
    assert piece.startswith("…" + "前" * marks.BEFORE + "<mark>停电</mark>&lt;b&gt;")
    assert piece.endswith("后…")
    assert len(re.sub(r"<.?mark>|&[lg]t;", "", piece)) <= marks.LENGTH + 2
    assert str(marks.snippet("停电\n二", ("停电",))) == "<mark>停电</mark> 二"
    assert str(marks.snippet("退税", ("停电",))) == ""


@given(st.text(max_size=60), st.lists(st.text(min_size=2, max_size=4), max_size=3))
def test_nothing_is_lost_and_nothing_is_html(text: str, words: list[str]) -> None:
    html = str(marks.marked(text, tuple(word.lower() for word in words)))
    from html import unescape

    bare = re.sub(r"</?mark>", "", html)
    assert "<" not in bare
    assert unescape(bare) == unescape(str(marks.marked(text, ())))

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.source import ROOT
from zhitong.kernel.text import PLAIN, Cleaning

TABLE = tomllib.loads((ROOT / "data/texts/cleaning-1.toml").read_text(encoding="utf-8"))
OURS = Cleaning.parse(TABLE)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("尊敬的胡书记：您好！我厂停电，谢谢！", "我厂停电"),
        ("尊敬的各位领导，你们好。请问A3区何时供气？盼复。此致 敬礼", "请问a3区何时供气"),
        ("感谢信没有收到", "感谢信没有收到"),  # such words inside a sentence stay
        ("谢谢", ""),
        ("书记办公会研究过", "书记办公会研究过"),
        ("见 https://example.org/a?b=c，联系 a.b@example.org", "见 联系"),
        ("电话13900000000，2019年建，5号楼", "电话 2019年建 5号楼"),
        ("Ａ３ 区\n大道，Power Cut", "a3区大道 power cut"),
        ("厂 区 停 电", "厂区停电"),  # cut into words by another program
        ("******", ""),
    ],
)
def test_what_is_left_of_a_text(text: str, clean: str) -> None:
    assert OURS(text) == clean


def test_without_words_only_the_writing_changes() -> None:
    assert PLAIN("您好！电话13900000000") == "您好 电话13900000000"


@given(st.text(max_size=60))
def test_any_text_becomes_letters_and_figures(text: str) -> None:
    clean = OURS(text)
    assert all(sign == " " or sign.isalnum() for sign in clean)
    assert "  " not in clean
    assert clean == clean.strip()


@given(st.text(alphabet="您好谢谢，。a1 厂电", max_size=30))
def test_cleaning_forgets_how_wide_and_high_signs_are(text: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign in "a1" else sign for sign in text)
    assert OURS(text) == OURS(wide) == OURS(text.upper())


def test_a_cleaning_is_kept_as_text() -> None:
    assert Cleaning.loads(OURS.dumps()) == OURS
    assert OURS.version == TABLE["version"]


@pytest.mark.parametrize(
    "table", [{"phrases": "您好"}, {"phrases": [""]}, {"figures": "5"}, {"version": -1}, {"figures": -1}]
)
def test_a_table_that_is_none_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"has to be|have to be"):
        Cleaning.parse(table)

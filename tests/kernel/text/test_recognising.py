from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.text import Recogniser

WORDS = dict.fromkeys(("email", "number", "id", "code", "phone", "bank", "plate", "person", "firm"), "□")
TABLE = {"plates": "闽京", "surnames": "王 李 欧阳", "titles": "女士 经理 总经理"}
KNOWN = {"firm": ["示例一号厂", "示例", "", "甲"], "person": ["李雷"]}


def recogniser() -> Recogniser:
    return Recogniser.parse(TABLE, KNOWN)


@pytest.mark.parametrize(
    ("text", "kind", "piece"),
    [
        ("电13812345678。", "phone", "13812345678"),
        ("+86 138-1234-5678", "phone", "+86 138-1234-5678"),
        ("１３８１２３４５６７８", "phone", "１３８１２３４５６７８"),
        ("138 1234\u200b5678", "phone", "138 1234\u200b5678"),
        ("0591-87654321转", "phone", "0591-87654321"),
        ("码91350111MA0DEM03X5", "code", "91350111MA0DEM03X5"),
        ("码91350111ma0dem03x5", "code", "91350111ma0dem03x5"),
        ("证35010219900307123X的", "id", "35010219900307123X"),
        ("卡6222 0212 3456 7890 123", "bank", "6222 0212 3456 7890 123"),
        ("写信a.b@example.com给", "email", "a.b@example.com"),
        ("见ZT-2026-000123号", "number", "ZT-2026-000123"),
        ("车闽A12345到", "plate", "闽A12345"),
        ("车闽A·D12345到", "plate", "闽A·D12345"),
        ("找欧阳女士", "person", "欧阳女士"),
        ("李总经理说", "person", "李总经理"),
        ("李雷说", "person", "李雷"),
        ("示例 一号\n厂的", "firm", "示例 一号\n厂"),
        ("示例二号", "firm", "示例"),
    ],
)
def test_what_tells_somebody_is_found(text: str, kind: str, piece: str) -> None:
    assert [(row.kind, row.text) for row in recogniser().found(text)] == [(kind, piece)]


@pytest.mark.parametrize(
    "text",
    [
        "损失30万元",
        "2026年6月5日",
        "示意图",
        "123456789012",
        "共计1380万元",
        "GB/T 4754-2017",
        "客户经理",
        "甲方",
    ],
)
def test_amounts_days_and_other_words_are_kept(text: str) -> None:
    assert recogniser().replaced(text, WORDS) == (text, [])


def test_the_longest_name_counts_and_each_piece_has_its_word() -> None:
    words = WORDS | {"firm": "某企业", "phone": "（电话）"}
    text, taken = recogniser().replaced("示例一号厂，13812345678，示例。", words)
    assert text == "某企业，（电话），某企业。"
    assert [row.text for row in taken] == ["示例一号厂", "13812345678", "示例"]


def test_without_anything_known_numbers_are_found() -> None:
    assert [row.kind for row in Recogniser({}).found("13812345678 王女士")] == ["phone"]


@given(st.text(alphabet="示例一号厂13857 -XA@.\u200b\uff11李雷女士闽", max_size=60))
def test_nothing_is_left_after_replacing_and_the_rest_is_kept(text: str) -> None:
    found = recogniser()
    plain, taken = found.replaced(text, WORDS)
    at, kept = 0, []
    for row in taken:
        assert text[row.start : row.end] == row.text
        kept.append(text[at : row.start])
        at = row.end
    assert "□".join([*kept, text[at:]]) == plain
    assert found.found(plain) == [], "a second reading finds nothing new"

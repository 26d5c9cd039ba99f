from __future__ import annotations

import tomllib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.source import ROOT
from zhitong.kernel.notes import Words, read, replace_numbers
from zhitong.kernel.notes.__main__ import main

TABLE = ROOT / "data" / "drafts" / "notes-1.toml"
WORDS = Words.parse(tomllib.loads(TABLE.read_text(encoding="utf-8")))
TODAY = date(2026, 11, 21)


def test_a_chat_gives_its_speaker_its_moment_its_firm_and_its_matter() -> None:
    note = read(
        "陈经理 2026/11/20 9:31:22\n您好\n我们是福建示例光电科技股份有限公司，厂区今天又跳闸了，停产半天！\n"
        "陈经理 2026/11/20 9:32\n电话 138-0000-1234 麻烦了",
        WORDS,
        today=TODAY,
    )
    assert note.contact == "陈经理"
    assert note.at == datetime(2026, 11, 20, 9, 31)
    assert note.firms == ("福建示例光电科技股份有限公司",)
    assert note.phone == "13800001234"
    assert note.matter == "我们是福建示例光电科技股份有限公司，厂区今天又跳闸了，停产半天！"


def test_a_note_of_a_call_gives_what_stands_behind_its_labels() -> None:
    note = read(
        "来电记录 昨天 15:40\n企业：示例机械有限公司；联系人：林女士 0591-87654321；问题：招不到熟练焊工。地址：示例园区3号",
        WORDS,
        today=TODAY,
    )
    assert (note.contact, note.phone, note.place) == ("林女士", "0591-87654321", "示例园区3号")
    assert note.firms == ("示例机械有限公司",)
    assert note.at == datetime(2026, 11, 20, 15, 40)
    assert note.matter == "招不到熟练焊工。"


@pytest.mark.parametrize(
    ("head", "at"),
    [
        ("11月19日 张三", datetime(2026, 11, 19)),
        ("12月30日 张三", datetime(2025, 12, 30)),  # no year, and that day is still to come
        ("张三 8:05", datetime(2026, 11, 21, 8, 5)),
        ("2026-02-31 张三", None),
        ("产能下降3-5成", None),
        ("今天下午我们三号车间的设备9:30又停了，请尽快来看", None),
    ],
)
def test_a_head_names_a_moment_and_a_sentence_is_none(head: str, at: datetime | None) -> None:
    note = read(f"{head}\n路灯坏了", WORDS, today=TODAY)
    assert note.at == at
    assert note.matter.endswith("路灯坏了")
    assert (head in note.matter) is (at is None)


def test_numbers_are_replaced_and_other_figures_stay() -> None:
    hidden = replace_numbers(
        "打13800001234或0591-87654321，合同号20261120138000012345，三号线", lambda _: "#"
    )
    assert hidden == "打#或#，合同号20261120138000012345，三号线"


@given(st.text(max_size=300))
def test_any_text_is_read_and_nothing_is_made_up(text: str) -> None:
    note = read(text, WORDS, today=TODAY)
    assert len(note.matter) <= len(text)
    assert len(note.phone) <= 20
    for line in note.matter.splitlines():
        assert set(line) <= set(text) | {" "}


def test_what_only_greets_is_no_matter() -> None:
    assert read("您好\n在吗\n谢谢！", WORDS, today=TODAY).matter == ""


def test_words_have_to_be_lists_of_words() -> None:
    with pytest.raises(ValueError, match="endings has to be a list"):
        Words.parse({"endings": "公司"})


def test_the_command_prints_what_was_found(tmp_path, capsys) -> None:
    file = tmp_path / "note.txt"
    file.write_text("联系人：张三 13800001234\n路灯坏了", encoding="utf-8")
    assert main([str(TABLE), str(file), "2026-11-21"]) == 0
    assert "phone: 13800001234" in capsys.readouterr().out
    assert main([]) == 2

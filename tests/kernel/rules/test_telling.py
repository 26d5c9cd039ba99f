"""What an explanation says: whole sentences in both languages, with every name filled in."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.support import source
from zhitong.kernel.rules import PolicyBook
from zhitong.kernel.rules.book.explaining import deciding, explain
from zhitong.kernel.rules.book.telling import LANGUAGES, tell, tell_deciding

FOLDER = source.ROOT / "data" / "policies"
WORDS = source.ROOT / "zhitong" / "kernel" / "rules" / "book" / "words.toml"
NAMES = re.compile(r"\{(\w+)\}")
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def explained():
    book = PolicyBook.load(FOLDER, dictionary=FOLDER / "facts.yaml")
    firm = {
        "细分市场年限": 2,
        "营业收入": 1200_0000_00,
        "主营业务收入": 900_0000_00,
        "合规": True,
        "中小企业": True,
    }
    return explain(book.compile(date(2026, 7, 1)), firm, ways=True)


def test_both_languages_say_the_same() -> None:
    words = tomllib.loads(Path(WORDS).read_text(encoding="utf-8"))
    assert set(words) == set(LANGUAGES)
    assert set(words["zh"]) == set(words["en"])
    sheets = {language: words[language].pop("sheets") for language in LANGUAGES}
    assert list(sheets["zh"]) == list(sheets["en"])
    for names in sheets.values():
        assert len(set(names.values())) == len(names)
    for key, text in words["en"].items():
        assert set(NAMES.findall(text)) == set(NAMES.findall(words["zh"][key])), key
        assert not HAN.search(text), key


def test_a_firm_is_told_what_lacks_and_what_leads_there(explained) -> None:
    first, second = explained
    assert (first.state, second.state) == ("no", "no")
    said = tell(first, "zh")
    assert said[0] == "专精特新中小企业认定标准（工信部企业〔2026〕2号）：不符合。"
    assert "附件1 专业化：细分市场年限 ≥ 3，不符合。现为：细分市场年限 2，相差1。" in said
    assert "附件1 基本条件：中小企业 and 合规，符合。现为：中小企业 是；合规 是。" in said
    way = said[-1]
    assert way.startswith(
        "达到条件的一种办法：细分市场年限由2变为3；主营业务收入由900万元变为960万元。还需补充："
    )
    assert "总负债" in way
    english = tell(first, "en")
    assert len(english) == len(said)
    assert "附件1 专业化: 细分市场年限 ≥ 3 does not hold, with 细分市场年限 2: off by 1." in english
    assert english[-1].startswith("A way to it: 细分市场年限 from 2 to 3; ")


def test_what_would_decide_most_is_said(explained) -> None:
    book = PolicyBook.load(FOLDER, dictionary=FOLDER / "facts.yaml")
    open_ones = explain(book.compile(date(2026, 7, 1)), {})
    counts = deciding(open_ones)
    assert counts[0][1] == 2
    assert tell_deciding(counts[:1], "zh")[0].endswith("可帮助判断其中2项政策。")
    assert "would help to decide 2 of these policies" in tell_deciding(counts[:1], "en")[0]
    assert all("{" not in sentence for one in (*explained, *open_ones) for sentence in tell(one, "en"))
    assert len(tell(open_ones[0], "en")) == 1 + len(open_ones[0].asked), (
        "a way is shown where it is refused only"
    )

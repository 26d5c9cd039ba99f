from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhitong.core.uploads.names import LONGEST, safe_name


@pytest.mark.parametrize(
    ("claimed", "expected"),
    [
        ("现场照片.JPEG", "现场照片.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\fakepath\\车间.png", "车间.jpg"),
        ("photos/", "photos.jpg"),
        ("..", "file.jpg"),
        ("", "file.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("a\0b.php", "ab.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.jpg"),
        ("a\u2066b\u2069\u200f\ufeff.png", "ab.jpg"),
        ("line\r\nSet-Cookie: x", "lineSet-Cookie_ x.jpg"),
        ("two\u2028lines", "twolines.jpg"),
        ("shell.php.jpg", "shell_php.jpg"),
        ("report. . .", "report.jpg"),
        ("2024.05.01", "2024_05_01.jpg"),
        ("con", "_con.jpg"),
        ("LPT1.txt", "_LPT1.jpg"),
        ('<img src="x">?*|', "_img src=_x_____.jpg"),
        ("\ud800lone", "lone.jpg"),
        ("   spaces   inside  ", "spaces inside.jpg"),
    ],
)
def test_a_name_becomes_harmless_and_stays_recognisable(claimed, expected):
    assert safe_name(claimed, "jpg") == expected


def test_a_long_name_keeps_its_extension():
    name = safe_name("长" * 500 + ".jpg", "jpg")
    assert len(name) == LONGEST
    assert name.endswith("长.jpg")


@given(st.text(st.characters(), max_size=300))
def test_any_name_is_short_visible_and_without_a_path(claimed):
    name = safe_name(claimed, "pdf")
    stem, _, extension = name.rpartition(".")
    assert extension == "pdf"
    assert stem
    assert len(name) <= LONGEST
    assert not set(stem) & set('/\\:*?"<>|.')
    assert not any(unicodedata.category(char).startswith("C") for char in name)
    assert name == name.strip()


@given(st.text(max_size=150))
def test_cleaning_twice_changes_nothing(claimed):
    once = safe_name(claimed, "mp3")
    assert safe_name(once, "mp3") == once

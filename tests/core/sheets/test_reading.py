"""What the rows look like that come out of good tables."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from tests.core.sheets import samples
from zhitong.core.sheets import parse
from zhitong.core.sheets.limits import DEFAULT, SheetLimits

KINDS = {
    "xlsx": samples.book(samples.FIRMS),
    "prefixed": samples.xlsx("".join(
        f'<row r="{line}">' + "".join(samples.cell(f"{'AB'[at]}{line}", text) for at, text in enumerate(row)) + "</row>"
        for line, row in enumerate(samples.FIRMS, start=1)
    ), prefix="x"),
    "xls": samples.xls(),
    "csv": samples.csv(),
    "gbk": samples.csv(encoding="gbk"),
    "gb18030": samples.csv(encoding="gb18030"),
    "bom": samples.csv(encoding="utf-8-sig"),
    "utf-16": samples.csv(encoding="utf-16"),
    "utf-16-be": b"\xfe\xff" + samples.csv(encoding="utf-16-be"),
    "tabs": samples.csv(delimiter="\t", encoding="utf-16"),
    "semicolons": samples.csv(delimiter=";"),
    "bars": samples.csv(delimiter="|"),
    "full-width": samples.csv(delimiter="，", encoding="gbk"),
    "old mac": samples.csv(ending="\r"),
    "unix": samples.csv(ending="\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_table_is_read(box, kind):
    table = box.read(KINDS[kind])
    assert list(table.rows()) == list(enumerate(samples.FIRMS, start=1))
    assert table.count() == 3
    assert table.path == box.out


def test_what_the_table_is_comes_with_it(box):
    table = box.read(samples.csv(delimiter="\t", encoding="gbk"))
    assert (table.encoding, table.delimiter, table.sheet, table.sheets) == ("gb18030", "\t", "", ())
    table = box.read(samples.book(samples.FIRMS, [["x"]], merged=["A5:C6"]))
    assert (table.encoding, table.delimiter, table.sheet, table.sheets) == ("", "", "表1", ("表1", "表2"))
    assert table.merged == ((4, 0, 5, 2),)


def test_signs_outside_the_two_byte_encoding_are_read(box):
    # a name with a rare sign, as the register of firms has them
    data = samples.csv([["企业名称", "地址"], ["㐂昇𠮷野家", "镕基"]], encoding="gb18030")
    assert list(box.read(data).rows())[1] == (2, ["㐂昇𠮷野家", "镕基"])


# --- which sheet


def test_the_fullest_visible_sheet_is_read(box):
    table = box.read(samples.book([["说明"]], samples.FIRMS, [["x"]] * 50, hidden=[3]))
    assert (table.sheet, table.sheets) == ("表2", ("表1", "表2"))
    assert table.count() == 3


@pytest.mark.parametrize("name", ["表1", "表3", "没有", "", "\0", "\ud800", "表" * 200_000])
def test_a_sheet_is_read_by_its_name(box, name):
    table = box.read(samples.book([["说明"]], samples.FIRMS, [["x"]]), sheet=name)
    assert table.sheet == (name if name in {"表1", "表3"} else "表2")


def test_a_hidden_sheet_is_not_read_by_its_name_either(rows):
    data = samples.book([["秘密"]] * 9, samples.FIRMS, [["秘密"]] * 9, hidden=[1, 2])
    assert rows(data, sheet="表1") == rows(data, sheet="表2") == [[line, ["秘密"]] for line in range(1, 10)]
    data = samples.book(samples.FIRMS, [["秘密"]] * 9, hidden=[2])
    assert rows(data, sheet="表2")[0] == [1, samples.FIRMS[0]]


# --- places and lines


def test_places_and_lines_are_those_of_the_sheet(box):
    table = box.read(samples.book({"B3": "企业名称", "D3": "电话", "C7": "x"}))
    assert list(table.rows()) == [(3, ["", "企业名称", "", "电话"]), (7, ["", "", "x"])]


def test_lines_are_right_after_quoted_breaks(box):
    data = '企业名称,地址\r\n"甲\r\n厂","善国\n路"\r\n\r\n乙厂,"他说""好"""\r\n'.encode()
    expected = [(1, ["企业名称", "地址"]), (2, ["甲\n厂", "善国\n路"]), (6, ["乙厂", '他说"好"'])]
    assert list(box.read(data).rows()) == expected


def test_empty_rows_keep_their_numbers(rows):
    assert rows(b"a,b\n,\n\n \t,\xe3\x80\x80\nc\n") == [[1, ["a", "b"]], [5, ["c"]]]


def test_signs_that_end_lines_elsewhere_stay_in_a_cell(box):
    data = "甲\u2028乙,丙\u0085丁\n戊\x0c己,庚\n".encode()
    assert list(box.read(data).rows()) == [(1, ["甲\u2028乙", "丙\u0085丁"]), (2, ["戊己", "庚"])]


def test_long_cells_are_cut(rows):
    assert rows(samples.csv([["字" * 3000, "x"]]))[0][1] == ["字" * 2000, "x"]
    assert rows(samples.csv([["字" * 30]]), limits=SheetLimits(cell=7))[0][1] == ["字" * 7]


# --- delimiters


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_the_delimiter_is_found_below_a_title(rows, delimiter):
    data = samples.csv(
        [["企业名单"], ["单位:万元"], ["名称", "收入", "人数"], ["甲", "1", "2"]], delimiter=delimiter
    )
    assert rows(data)[2:] == [[3, ["名称", "收入", "人数"]], [4, ["甲", "1", "2"]]]


def test_another_sign_in_some_cells_is_no_delimiter(rows):
    data = samples.csv([["名称", "经营范围"], ["甲", "铸造;加工;销售"], ["乙", "水泥，石灰"], ["丙", "x|y"]])
    assert [len(cells) for _, cells in rows(data)] == [2] * 4


def test_one_column_needs_no_delimiter(rows):
    assert rows("名称\n甲厂\n乙厂\n".encode()) == [[1, ["名称"]], [2, ["甲厂"]], [3, ["乙厂"]]]


def test_a_text_that_begins_like_a_program_is_a_table(rows):
    assert rows(b"MZ001,5\nMZ002,6\n") == [[1, ["MZ001", "5"]], [2, ["MZ002", "6"]]]


# --- values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (13800000000.0, "13800000000"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (-3.5, "-3.5"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (1.25e-10, "0.000000000125"),
        (1234567890.125, "1234567890.125"),
        (1e20, "100000000000000000000"),
        (float("nan"), ""),
        (float("inf"), ""),
        (1e21, ""),
        (12, "12"),
        (True, "TRUE"),
        (False, "FALSE"),
        (None, ""),
        (date(2024, 3, 1), "2024-03-01"),
        (datetime(2024, 3, 1), "2024-03-01"),
        (datetime(2024, 3, 1, 9, 30, 15, 999), "2024-03-01 09:30:15"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        ("\u00a0\u3000 甲 厂\ufeff\t\r\n", "甲 厂"),
        ("甲\r\n厂\x00\x07\t乙", "甲\n厂\t乙"),
        ("370400198001011234", "370400198001011234"),
        ("007", "007"),
    ],
)
def test_a_value_becomes_a_text(value, text):
    assert parse.text(value) == text


def test_values_of_a_workbook_become_texts(box):
    values = [
        13800000000.0, 0.1, 1e-7, "370400198001011234", date(2024, 3, 1), datetime(2024, 3, 1, 9, 30), True,
        "\u00a0甲\u3000", "#N/A", 0, time(9, 30),
    ]  # fmt: skip
    assert next(box.read(samples.book([values])).rows())[1] == [
        "13800000000", "0.1", "0.0000001", "370400198001011234", "2024-03-01", "2024-03-01 09:30:00", "TRUE",
        "甲", "", "0", "09:30:00",
    ]  # fmt: skip


def test_values_of_an_old_workbook_become_texts(box):
    assert list(box.read(samples.xls([["手机", 13800000000.0], ["", 0.1]])).rows()) == [
        (1, ["手机", "13800000000"]),
        (2, ["", "0.1"]),
    ]


def test_texts_of_a_csv_stay_as_they_are(rows):
    data = samples.csv([["13800000000.0", "1e-7", "2024/3/1", "TRUE", "007", "\u3000甲\u00a0"]])
    assert rows(data)[0][1] == ["13800000000.0", "1e-7", "2024/3/1", "TRUE", "007", "甲"]


def test_a_table_read_again_replaces_the_first(box):
    box.read(samples.csv([["x"]] * 90))
    assert box.read(samples.csv()).count() == 3


def test_the_default_limits_are_the_promised_ones():
    assert (DEFAULT.file_mb, DEFAULT.unpacked_mb, DEFAULT.rows, DEFAULT.columns) == (50, 400, 200_000, 200)
    assert (DEFAULT.cpu_seconds, DEFAULT.memory_mb) == (30, 1536)

"""Where the headings stand, in tables as offices make them."""

from __future__ import annotations

import pytest

from tests.core.sheets import samples
from zhitong.core.sheets.heading import Heading, find_heading, normalise_label, unit_of

KNOWN = ["企业名称", "统一社会信用代码", "营业收入", "从业人员", "联系电话"]
TITLE = "滕州市规模以上工业企业名单"
HEADS = ["企业名称", "统一社会信用代码", "营业收入"]
FIRM = ["滕州机床厂", "91370481000000000X", "120"]


def numbered(*rows, first=1):
    return [(line, row) for line, row in enumerate(rows, start=first) if any(row)]


def whole(*rows, merged=()):
    """The rows and merged cells as the reading of a file gives them."""
    return numbered(*rows), merged


def test_the_first_row_may_be_the_heading():
    assert find_heading(numbered(HEADS, FIRM), (), KNOWN) == Heading(1, 1, HEADS)


@pytest.mark.parametrize("title", [TITLE, "2024年名单", "2024年度", "2024"])
@pytest.mark.parametrize("merged", [(), ((0, 0, 0, 2),)])
def test_a_title_above_is_no_heading(title, merged):
    rows = numbered([title], HEADS, FIRM)
    assert find_heading(rows, merged, KNOWN) == Heading(2, 2, HEADS)


def test_an_empty_row_and_a_row_of_the_unit_stand_above():
    rows = numbered([TITLE], [], ["", "", "单位：万元"], HEADS, FIRM)
    heading = find_heading(rows, ((0, 0, 0, 2),), KNOWN)
    assert heading == Heading(4, 4, HEADS)
    assert unit_of(rows, heading) == {0: "万元", 1: "万元", 2: "万元"}


UPPER = ["企业名称", "营业收入", "", "从业人员"]
LOWER = ["", "2023年", "2024年", ""]
BOTH = ["企业名称", "营业收入 2023年", "营业收入 2024年", "从业人员"]
SPANS = ((1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 2, 3))


@pytest.mark.parametrize("merged", [SPANS, ((0, 0, 0, 3), *SPANS), ()])
def test_two_rows_are_one_heading(merged):
    rows = numbered([TITLE], UPPER, LOWER, ["甲", "1", "2", "3"])
    assert find_heading(rows, merged, KNOWN) == Heading(2, 3, BOTH)


def test_two_rows_are_one_heading_from_files_of_both_kinds(box):
    rows = [[TITLE], UPPER, LOWER, ["甲", "1", "2", "3"]]
    spans = ["A1:D1", "A2:A3", "B2:C2", "D2:D3"]
    for data in (samples.book(rows, merged=spans), samples.csv(rows)):
        table = box.read(data)
        assert find_heading(list(table.rows()), table.merged, KNOWN) == Heading(2, 3, BOTH)


def test_the_numbers_below_twice_the_same_heading_are_data():
    rows = numbered(["企业名称", "营业收入", "营业收入"], ["甲", "100", "200"])
    assert find_heading(rows, (), KNOWN) == Heading(1, 1, rows[0][1])


def test_rows_that_do_not_follow_one_another_are_no_pair():
    rows = numbered(UPPER, [], LOWER)
    assert find_heading(rows, (), KNOWN).line_last == 1


def test_headings_may_carry_years_units_and_notes():
    row = ["企 业 名 称*", "2023年营业收入(万元)", "营业收入（2024年）", "★联系电话"]
    assert find_heading(numbered([TITLE], row, ["甲", "1", "2", "3"]), (), KNOWN).labels == row


def test_a_known_heading_wins_over_an_earlier_row_of_texts():
    rows = numbered(["填报单位：某局", "填报人：某某"], HEADS, FIRM)
    assert find_heading(rows, (), KNOWN).line_first == 2


def test_unknown_headings_fall_back_to_the_first_row_of_different_texts():
    rows = numbered([TITLE], ["合计", "合计"], ["1", "2.5"], ["甲列", "乙列"], ["x", "y"])
    assert find_heading(rows, (), ["没有"]) == Heading(4, 4, ["甲列", "乙列"])
    assert find_heading(rows, (), []) == Heading(4, 4, ["甲列", "乙列"])


@pytest.mark.parametrize("rows", [[], [[TITLE]], [["1", "2"], ["3", "4"]], [["甲"], ["乙"]], [["同", "同"]]])
def test_where_no_heading_is_there_is_none(rows):
    assert find_heading(numbered(*rows), (), KNOWN) is None


def test_only_the_first_rows_are_searched():
    rows = numbered(*[["1", "2"]] * 25, HEADS)
    assert find_heading(rows, (), KNOWN) is None


@pytest.mark.parametrize("merged", [((0, 5, 0, 9),), ((0, 0, 9, 900),), ((0, 2, 0, 0),)])
def test_merged_cells_that_make_no_sense_break_nothing(merged):
    assert find_heading(numbered(["企业名称"], ["x", "y"]), merged, KNOWN).labels[0] == "企业名称"


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        ("企业名称", "企业名称"),
        (" 企 业\u3000名\n称\u00a0", "企业名称"),
        ("营业收入(万元)", "营业收入"),
        ("营业收入（万元）", "营业收入"),
        ("营业收入[万元]", "营业收入"),
        ("营业收入((2024)万元)", "营业收入"),
        ("*联系电话*", "联系电话"),
        ("★企业名称", "企业名称"),
        ("IP", "ip"),
        ("E-Mail", "e-mail"),
        ("(备注)", ""),
        ("", ""),
    ],
)
def test_labels_are_compared_in_one_form(label, plain):
    assert normalise_label(label) == plain
    assert normalise_label(plain) == plain


@pytest.mark.parametrize(
    ("above", "unit"),
    [
        ("单位:万元", "万元"),
        ("单位: 亿元", "亿元"),
        ("（单位：千元）", "千元"),
        ("计量单位:元", "元"),
        ("金额单位：人民币万元", "万元"),
        ("单位:万元人民币", "万元"),
        ("单位:万元、人", "万元"),
        ("单位：万元，2024年", "万元"),
        ("填报单位：滕州市工信局 单位：万元", "万元"),
        ("填报单位：人民医院", ""),
        ("填报单位：滕州市工信局", ""),
        ("单位名称", ""),
    ],
)
def test_a_row_above_tells_the_unit(above, unit):
    rows = numbered([above], HEADS, FIRM)
    assert unit_of(rows, find_heading(rows, (), KNOWN)) == ({} if not unit else dict.fromkeys(range(3), unit))


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("营业收入(万元)", "万元"),
        ("营业收入（亿元）", "亿元"),
        ("营业收入[元]", "元"),
        ("营业收入(2024年,千元)", "千元"),
        ("营业收入（2024年）（万元）", "万元"),
        ("从业人员(人)", "人"),
        ("用电量(万千瓦时)", "万千瓦时"),
        ("营业收入 2023年", ""),
        ("日期(年月)", ""),
    ],
)
def test_a_bracket_in_a_label_tells_the_unit(label, unit):
    assert unit_of([], Heading(1, 1, ["企业名称", label])) == ({1: unit} if unit else {})


def test_a_bracket_outranks_the_row_above():
    rows = numbered(["单位:万元"], ["企业名称", "营业收入(亿元)"], ["甲", "1"], ["单位:元", ""])
    assert unit_of(rows, find_heading(rows, (), KNOWN)) == {0: "万元", 1: "亿元"}

"""Whatever stands in a table comes back as it is documented, and whatever arrives is a table or a refusal."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.core.sheets import samples
from zhitong.core.sheets import parse
from zhitong.core.sheets.heading import find_heading, normalise_label, unit_of
from zhitong.core.sheets.limits import SheetLimits
from zhitong.core.sheets.reading import read_table
from zhitong.core.sheets.reasons import Reason, SheetRefused

SMALL = SheetLimits(unpacked_mb=4, rows=400, columns=40)
# "<" at the beginning is a web page; signs that are no text cannot be written
cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
tables = st.lists(st.lists(cells, min_size=1, max_size=5), min_size=1, max_size=8)


def written(table, encoding):
    out = io.StringIO(newline="")
    for row in table:
        out.write(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n")
    return out.getvalue().encode(encoding)


def expected(table):
    """The rows that say something, cleaned as documented, with their last empty cells gone."""
    cleaned = []
    for row in table:
        found = [parse.text(cell) for cell in row]
        while found and not found[-1]:
            found.pop()
        cleaned.append(found)
    return [row for row in cleaned if row]


def came_back(data):
    out = io.StringIO()
    parse.convert(data, out, SMALL, "")
    return [json.loads(line)[1] for line in out.getvalue().split("\n")[1:-1]]


def counted(table):
    """Leave out the tables in which another sign is as good a delimiter as the comma."""
    text = "".join("".join(row) for row in table)
    assume(not any(sign in text for sign in "\t;|,"))
    assume(len(table[0]) > 1)


@settings(max_examples=300)
@given(tables, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]))
@example([["企业名称", "地址"], ["\ufeff", "\u3000\r\n"]], "utf-8")
@example([["€", "é"]], "gb18030")
def test_a_table_of_texts_comes_back(table, encoding):
    counted(table)
    try:
        data = written(table, encoding)
    except UnicodeEncodeError:
        assume(False)
    if encoding == "gb18030":
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            assume(data.isascii())
    assume("\0" not in "".join("".join(row) for row in table))
    wanted = expected(table)
    assume(wanted)
    assert came_back(data) == wanted


@settings(max_examples=5)
@given(tables, st.sampled_from(["utf-8", "gb18030"]))
def test_a_table_of_texts_comes_back_through_the_child(table, encoding):
    counted(table)
    table = [[f"字{cell}".replace("\0", "") for cell in row] for row in table]
    with tempfile.TemporaryDirectory() as folder:
        sent, out = Path(folder, "sent"), Path(folder, "out")
        sent.write_bytes(written(table, encoding))
        assert [row for _, row in read_table(sent, out=out).rows()] == expected(table)


@settings(max_examples=100)
@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_workbook_of_texts_comes_back(table):
    table = [["".join(sign for sign in cell if sign.isprintable()) for cell in row] for row in table]
    wanted = expected(table)
    assume(wanted)
    rows = "".join(
        f'<row r="{line}">' + "".join(samples.cell(f"{'ABCD'[at]}{line}", cell) for at, cell in enumerate(row)) + "</row>"
        for line, row in enumerate(table, start=1)
    )  # fmt: skip
    assert came_back(samples.xlsx(rows)) == wanted


VALID = {
    "xlsx": samples.book([["名称", "日期"], ["甲", 1.5]], merged=["A1:B1"]),
    "by hand": samples.xlsx(),
    "stored": samples.zipped(samples.parts(), stored=samples.parts()),
    "xls": samples.xls(),
    "csv": samples.csv(),
    "utf-16": samples.csv(encoding="utf-16"),
}
changes = st.lists(
    st.tuples(
        st.sampled_from(["set", "cut", "insert", "double"]),
        st.floats(0, 1),
        st.binary(min_size=1, max_size=8),
    ),
    min_size=1,
    max_size=5,
)


def mutated(data, steps):
    for sort, share, payload in steps:
        at = int(share * len(data))
        if sort == "set":
            data = data[:at] + payload + data[at + len(payload) :]
        elif sort == "cut":
            data = data[:at] + data[at + len(payload) * 4 :]
        elif sort == "insert":
            data = data[:at] + payload + data[at:]
        else:
            data = data[:at] + data[at // 2 :]
    return data


@settings(max_examples=400)
@given(st.sampled_from(sorted(VALID)), changes)
def test_a_mutated_file_is_a_table_or_a_refusal(name, steps):
    try:
        parse.convert(mutated(VALID[name], steps), io.StringIO(), SMALL, "")
    except SheetRefused as refusal:
        assert refusal.code in Reason  # noqa: PT017 - any reason will do


@settings(max_examples=200)
@given(st.sampled_from([b"", *(data[:8] for data in VALID.values())]), st.binary(max_size=300))
def test_random_bytes_after_any_beginning_are_a_table_or_a_refusal(magic, data):
    try:
        parse.convert(magic + data, io.StringIO(), SMALL, "")
    except SheetRefused as refusal:
        assert refusal.code in Reason  # noqa: PT017 - any reason will do


@settings(max_examples=200)
@given(st.text("企业名称aB 0()[]\uff08\uff09\u3000*\u2605\u2460\uff21", max_size=12))
def test_a_normalised_label_stays_as_it_is(label):
    plain = normalise_label(label)
    assert normalise_label(plain) == plain


corner = st.integers(0, 6)


@settings(max_examples=200)
@given(tables, st.lists(st.tuples(corner, corner, corner, corner), max_size=4), st.lists(cells, max_size=3))
def test_a_heading_is_found_or_not_but_never_breaks(table, merged, known):
    rows = list(enumerate(table, start=1))
    heading = find_heading(rows, merged, known)
    if heading is not None:
        assert heading.line_first <= heading.line_last <= heading.line_first + 1
        assert set(unit_of(rows, heading)) <= set(range(len(heading.labels)))

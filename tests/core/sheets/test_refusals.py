"""Every reason comes from a file that was really made, and nothing is left behind."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.core.sheets import samples
from zhitong.core.sheets import package, reading
from zhitong.core.sheets.limits import DEFAULT, MB, SheetLimits
from zhitong.core.sheets.reasons import SENTENCES, Reason, SheetRefused

DENSE = {"xl/media/a.bin": bytes(12 * MB)}
WIDE = {f"xl/media/{number}.bin": bytes(7 * MB) for number in range(3)}
SHEET = "xl/worksheets/sheet1.xml"
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def office(*names):
    return samples.zipped({name: "<x/>" for name in names})


def unsaid(*formulas):
    """A sheet of formulas as openpyxl writes them: without results."""
    return samples.book({"A1": "合计", **{place: "=1+1" for place in formulas}})


def told(limit, name="limit_mb"):
    return {name: limit}


@pytest.mark.parametrize(
    ("data", "reason", "params"),
    [
        (b"", Reason.EMPTY, {}),
        (b"\xef\xbb\xbf", Reason.EMPTY, {}),
        (b",,,\r\n \r\n", Reason.EMPTY, {}),
        (samples.book([]), Reason.EMPTY, {}),
        (samples.book([[None, "\u3000"]]), Reason.EMPTY, {}),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), Reason.UNKNOWN_TYPE, {}),
        (b"%PDF-1.7\nno zero byte", Reason.UNKNOWN_TYPE, {}),
        (b"\xff\xd8\xff\xe1" + bytes(9), Reason.UNKNOWN_TYPE, {}),
        (b"MZ\x90\0" + bytes(9), Reason.UNKNOWN_TYPE, {}),
        (b"PK\x05\x06" + bytes(18), Reason.UNKNOWN_TYPE, {}),
        (b"\n <html><table><tr><td>1", Reason.UNKNOWN_TYPE, {}),
        (samples.csv(encoding="utf-16-le"), Reason.UNKNOWN_TYPE, {}),
        (office("META-INF/MANIFEST.MF"), Reason.UNKNOWN_TYPE, {}),
        (office("[Content_Types].xml", "word/document.xml"), Reason.OTHER_OFFICE, {}),
        (office("[Content_Types].xml", "ppt/presentation.xml"), Reason.OTHER_OFFICE, {}),
        (office("[Content_Types].xml", "xl/workbook.bin"), Reason.OTHER_OFFICE, {}),
        (office("mimetype", "content.xml"), Reason.OTHER_OFFICE, {}),
        (samples.ole({"WordDocument": b""}), Reason.OTHER_OFFICE, {}),
        (samples.xlsx(extra=DENSE), Reason.BOMB, told(400)),
        (samples.xlsx(samples.cell("A1", "a" * 11 * MB)), Reason.BOMB, told(400)),
        (samples.xlsx(extra={f"a{number}": "" for number in range(2000)}), Reason.BOMB, told(400)),
        (samples.xlsx(extra={"xl/vbaProject.bin": "x"}), Reason.MACROS, {}),
        (samples.xlsx(extra={"XL/VBAPROJECT.BIN": "x"}), Reason.MACROS, {}),
        (samples.xlsx(extra={"xl/macrosheets/sheet1.xml": "<x/>"}), Reason.MACROS, {}),
        (samples.xls(beside={"_VBA_PROJECT": b""}), Reason.MACROS, {}),
        (samples.ole({"EncryptionInfo": b"", "EncryptedPackage": b""}), Reason.ENCRYPTED, {}),
        (samples.xls(extra=samples.FILEPASS), Reason.ENCRYPTED, {}),
        (samples.xls(extra=samples.WRITEPROT + samples.FILEPASS_XOR), Reason.ENCRYPTED, {}),
        (samples.under_password(samples.xlsx()), Reason.ENCRYPTED, {}),
        (samples.xlsx(prolog=EXTERNAL), Reason.ENTITIES, {}),
        (samples.xlsx(prolog="<!doctype x>"), Reason.ENTITIES, {}),
        (samples.xlsx(extra={"xl/sharedStrings.xml": " " * (MB - 5) + EXTERNAL}), Reason.ENTITIES, {}),
        (unsaid("B3", "C9"), Reason.FORMULAS, {"count": 2, "cell": "B3"}),
        (samples.csv([["1"]] * 200_001), Reason.TOO_MANY_ROWS, told(200_000, "limit")),
        (samples.csv([["1"] * 201]), Reason.TOO_MANY_COLUMNS, told(200, "limit")),
        (samples.xlsx('<row r="1048576"/>'), Reason.TOO_MANY_ROWS, told(200_000, "limit")),
        (
            samples.xlsx('<row><c r="A200001"><v>1</v></c></row>'),
            Reason.TOO_MANY_ROWS,
            told(200_000, "limit"),
        ),
        (
            samples.xlsx('<row r="1"><c r="GS1"><v>1</v></c></row>'),
            Reason.TOO_MANY_COLUMNS,
            told(200, "limit"),
        ),
        (samples.book({"A1": 1, "XFD1048576": 1}), Reason.TOO_MANY_COLUMNS, told(200, "limit")),
        ("企业".encode() + b"\xff\xfa\xff", Reason.ENCODING, {}),
        (b"\xff\xfea", Reason.ENCODING, {}),
        (samples.xlsx()[:-30], Reason.DAMAGED, {}),
        (samples.xlsx()[:400], Reason.DAMAGED, {}),
        (samples.xlsx("<row r='1'><c"), Reason.DAMAGED, {}),
        (samples.xls()[:8], Reason.DAMAGED, {}),
        (samples.xls()[:900], Reason.DAMAGED, {}),
        (samples.xls()[:3000], Reason.DAMAGED, {}),
        (samples.xlsx(extra={"../a": "x"}), Reason.DAMAGED, {}),
        (samples.xlsx(extra={"/a": "x"}), Reason.DAMAGED, {}),
        (b'a,"' + b"x" * 1_000_001, Reason.DAMAGED, {}),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else "",
)
def test_a_refusal_arrives_with_its_numbers(box, data, reason, params):
    refusal = box.refusal(data)
    assert (refusal.code, refusal.params) == (reason, params)
    assert "%" not in SENTENCES[refusal.code] % refusal.params


@pytest.mark.parametrize(
    ("data", "limits", "reason", "params"),
    [
        (bytes(MB + 1), {"file_mb": 1}, Reason.TOO_LARGE, told(1)),
        (samples.xlsx(extra=WIDE), {"unpacked_mb": 20}, Reason.BOMB, told(20)),
        (samples.xlsx(extra={"a": bytes(3 * MB)}), {"ratio": 100, "ratio_mb": 2}, Reason.BOMB, told(400)),
        (samples.csv([["1"]] * 4), {"rows": 3}, Reason.TOO_MANY_ROWS, told(3, "limit")),
        (samples.csv([["1"] * 4]), {"columns": 3}, Reason.TOO_MANY_COLUMNS, told(3, "limit")),
        (samples.book([[1]] * 4), {"rows": 3}, Reason.TOO_MANY_ROWS, told(3, "limit")),
        (samples.book([[1] * 4]), {"columns": 3}, Reason.TOO_MANY_COLUMNS, told(3, "limit")),
        (samples.xls([["1"]] * 4), {"rows": 3}, Reason.TOO_MANY_ROWS, told(3, "limit")),
        (samples.xls([["1"] * 4]), {"columns": 3}, Reason.TOO_MANY_COLUMNS, told(3, "limit")),
    ],
)
def test_the_limits_are_those_that_were_given(box, data, limits, reason, params):
    refusal = box.refusal(data, limits=SheetLimits(**limits))
    assert (refusal.code, refusal.params) == (reason, params)


@pytest.mark.parametrize(
    ("data", "limits"),
    [
        (
            samples.xlsx(extra={"xl/a.bin": random.Random(3).randbytes(2 * MB)}),
            {"ratio_mb": 1, "unpacked_mb": 3},
        ),
        (samples.csv([["1", "", ""]] * 3 + [["", ""]]), {"rows": 4, "columns": 1}),
        (samples.book([[1, 2]] * 3), {"rows": 3, "columns": 2}),
    ],
)
def test_what_just_fits_is_read(refused, data, limits):
    assert refused(data, SheetLimits(**limits)) is None


# --- packages that lie


@pytest.mark.parametrize("size", [0, 10, 5 * MB])
@pytest.mark.parametrize("name", [SHEET, "xl/bomb.bin"])
def test_a_part_that_lies_about_its_size_is_refused(refused, name, size):
    data = samples.declared(samples.xlsx(extra={"xl/bomb.bin": bytes(30 * MB)}), name, size)
    started = time.process_time()
    assert refused(data).code == Reason.DAMAGED
    assert time.process_time() - started < 5


def test_a_part_packed_in_another_way_is_refused(refused):
    assert refused(samples.patched(samples.xlsx(), SHEET, 10, "<H", 12)).code == Reason.DAMAGED


def test_a_part_that_begins_nowhere_is_refused(refused):
    assert refused(samples.patched(samples.xlsx(), SHEET, 42, "<I", 10**6)).code == Reason.DAMAGED


def test_two_parts_of_one_name_are_refused(refused):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = twice(samples.parts())
    assert refused(data).code == Reason.BOMB


def twice(contents):
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in [*contents.items(), (SHEET, "<x/>")]:
            archive.writestr(name, content)
    return out.getvalue()


def test_a_sheet_that_hides_from_the_check_ends_at_the_limits(box):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + samples.FIRMS_XML
    refusal = box.refusal(samples.xlsx(far, place="xl/elsewhere.dat"))
    assert refusal.code in {Reason.UNREADABLE, Reason.TOO_MANY_COLUMNS, Reason.TOO_MANY_ROWS}


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("valued", [True, False])
@pytest.mark.parametrize("before", [0, 1, 2, 9, 14, 17, 20, 40])
def test_the_reach_is_seen_wherever_a_piece_ends(prefix, valued, before):
    # the far cell begins so many bytes before the end of the first piece of 1 MB
    far, near = samples.far(prefix, "XFD1"), samples.far(prefix, "A1") if valued else f"<{prefix or 'c'} />"
    head = f'<sheetData xmlns:x="{samples.MAIN}"><row>'
    fitting = (MB - before - len(head)) // len(near)
    text = head + near * fitting
    text += " " * (MB - before - len(text)) + far
    data = samples.zipped({**samples.parts(), SHEET: text})
    with pytest.raises(SheetRefused) as caught:
        package.check(data, DEFAULT)
    assert caught.value.code == Reason.TOO_MANY_COLUMNS


# --- formulas


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B2"><f>A1</f></c>',
        '<c r="B2"><f>A1</f><v/></c>',
        '<c r="B2"><f>A1</f><v /></c>',
        '<c r="B2"><f>A1</f><v></v></c>',
        '<c r="B2" s="1"><f t="shared" si="0"/></c>',
        "<c r='B2'><f>A1</f></c>",
    ],
)
@pytest.mark.parametrize("prefix", ["", "x"])
def test_a_formula_nobody_calculated_is_named(refused, cell, prefix):
    text = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" s="1"/>{cell}</row>'
    refusal = refused(samples.xlsx(text, prefix=prefix))
    assert (refusal.code, refusal.params) == (Reason.FORMULAS, {"count": 1, "cell": "B2"})


def test_a_formula_in_a_cell_without_a_place_is_counted(refused):
    refusal = refused(samples.xlsx('<row r="1"><c><v>1</v></c><c><f>A1</f></c></row>'))
    assert (refusal.code, refusal.params) == (Reason.FORMULAS, {"count": 1, "cell": "?"})


@pytest.mark.parametrize("prefix", ["", "x"])
def test_formulas_are_counted_across_pieces(refused, prefix):
    count = 60_000 if not prefix else 50_000
    text = "".join(f'<row r="{row}"><c r="A{row}"><f>B{row}</f></c></row>' for row in range(1, count + 1))
    refusal = refused(samples.xlsx(text, prefix=prefix))
    assert refusal.params == {"count": count, "cell": "A1"}


def test_formulas_with_results_are_read(rows):
    text = (
        '<row r="1"><c r="A1"><f>B1*2</f><v>240</v></c><c r="B1"><v>120</v></c>'
        '<c r="C1" t="str"><f>"x"</f><v>好</v></c><c r="D1" t="str"><f>""</f><v></v></c>'
        '<c r="E1" t="b"><f>TRUE</f><v>1</v></c><c r="F1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="G1" t="inlineStr"><f>A1</f><is><t>字</t></is></c></row>'
    )
    assert rows(samples.xlsx(text)) == [[1, ["240", "120", "好", "", "TRUE", "", "字"]]]


# --- what is no file; too many at once


@pytest.fixture
def impatient():
    """Fail instead of waiting for ever for somebody to write into a pipe."""
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it waits for a writer"))
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("sort", ["link", "dangling", "folder", "pipe", "missing", "device", "nul"])
@pytest.mark.parametrize("before", [False, True])
def test_what_is_no_plain_file_is_refused(box, tmp_path, sort, before):
    target = tmp_path / "target"
    target.write_bytes(samples.csv())
    if sort == "link":
        box.sent.symlink_to(target)
    elif sort == "dangling":
        box.sent.symlink_to(tmp_path / "nowhere")
    elif sort == "folder":
        box.sent.mkdir()
    elif sort == "pipe":
        os.mkfifo(box.sent)
    elif sort == "device":
        box.sent = Path(os.devnull)
    elif sort == "nul":
        box.sent = tmp_path / "a\0b"
    if before:
        box.out.write_text("the rows of another time")
    assert box.refusal().code == Reason.NOT_A_FILE


def test_too_many_at_once_are_sent_away(box):
    held = [reading._slots.acquire(blocking=False) for _ in range(2)]
    try:
        assert held == [True, True]
        assert box.refusal(samples.csv(), limits=SheetLimits(wall_seconds=0.01)).code == Reason.BUSY
    finally:
        for _ in held:
            reading._slots.release()
    assert box.read(samples.csv()).count() == 3


def test_a_refusal_gives_its_place_free(box):
    for _ in range(3):
        box.refusal(b"\x89PNG")
    held = [reading._slots.acquire(blocking=False) for _ in range(2)]
    for _ in held:
        reading._slots.release()
    assert held == [True, True]


def test_every_reason_is_raised_here():
    here = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert [reason for reason in Reason if f"Reason.{reason.name}" not in here] == []
    assert set(SENTENCES) == set(Reason)

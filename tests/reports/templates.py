"""Templates for tests, made as people make them, and bad ones made as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
from openpyxl import Workbook
from openpyxl.styles import Font

WORDS = {
    "names": {"编号": "number", "标题": "title", "办理期限": "due", "制表日期": "made_on", "合计件数": "count"},
    "listed": ["number", "title", "due"],
    "formats": {"年月日": {"date": "{y}年{m}月{d}日"}, "留空": {"missing": ""}},
}  # fmt: skip


def workbook(
    change: Callable[[Any], None] | None = None, *, line: tuple[str, ...] = ("编号", "标题", "办理期限")
) -> bytes:
    """A ledger in Excel: title over all columns, headings, a line of a list, a sum below it."""
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "台账（{{ 制表日期 | 年月日 }}）"
    sheet.merge_cells("A1:C1")
    sheet.append(list(line))
    sheet.append([f"{{{{{name}}}}}" for name in line])
    sheet["A3"].font = Font(bold=True)
    sheet.row_dimensions[3].height = 40
    sheet["A5"] = "合计 ｛｛合计件数｝｝ 件"
    sheet.merge_cells("A5:C5")
    sheet.row_dimensions[5].height = 33
    sheet.print_area = "A1:C5"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    if change:
        change(sheet)
    return saved(book)


def document(change: Callable[[Any], None] | None = None) -> bytes:
    """A letter in Word: a field cut into runs, a table with a line of a list, a header."""
    made = docx.Document()
    paragraph = made.add_paragraph("截至 {{ 制")
    paragraph.add_run("表日").bold = True
    paragraph.add_run("期|年月日 }}，共 ｛｛合计件数｝｝ 件。")
    made.sections[0].header.paragraphs[0].text = "{{ 制表日期 }}"
    table = made.add_table(2, 3)
    for number, name in enumerate(("编号", "标题", "办理期限")):
        table.cell(0, number).text = name
        table.cell(1, number).text = f"{{{{ {name} }}}}"
    if change:
        change(made)
    return saved(made)


def saved(made: Any) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A package with other parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box:
        for name, part in parts.items():
            box.writestr(name, part)
    return file.getvalue()


def replaced(part: str, old: str, new: str) -> Callable[[dict[str, bytes]], None]:
    """A change that puts something else into a part."""

    def change(parts: dict[str, bytes]) -> None:
        assert old.encode() in parts[part], (part, old)
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return change

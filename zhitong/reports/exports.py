"""The ledger and reports as workbooks, and the standard ledger as a template to begin with."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from zhitong.core.http import plain_cell
from zhitong.core.workbooks import sent
from zhitong.reports import fields, pages
from zhitong.reports.ledger import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import HttpResponse

    from zhitong.reports.fields import Field
    from zhitong.reports.pages import Shown

FILL = PatternFill("solid", fgColor="E8EEF8")
THIN = Border(*(Side(style="thin", color="999999") for _side in range(4)))
BROAD = {"text": 40, "answer": 40, "title": 26, "firm": 24, "assisting": 20, "lead": 18, "number": 20}
USUAL_WIDTH = 14
DAY_WIDTH = 16
NARROW = 6
TITLE_ROW, HEAD_ROW, LIST_ROW = 1, 3, 4
SHEET_NAME = 31  # signs that Excel allows


def ledger(chosen: Sequence[Field], rows: Iterable[Sequence[Any]], name: str, *, said: str) -> HttpResponse:
    """Return the ledger as an xlsx download: the filter above, texts never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Ledger"))
    sheet.freeze_panes = "A3"
    for number, field in enumerate(chosen, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(field)
    sheet.append([plain_cell(said)])
    sheet.append([field.label for field in chosen])
    for row in rows:
        sheet.append([_cell(value) for value in row])
    return sent(book, name)


def _width(field: Field) -> int:
    usual = {"date": DAY_WIDTH, "number": NARROW}.get(field.type, USUAL_WIDTH)
    return BROAD.get(field.key, max(usual, 2 * len(field.labels["zh"])))


def _cell(value: Any) -> Any:
    if value is None or value == "":
        return pages.text(None)
    return plain_cell(value) if isinstance(value, str) else value


def report(shown: Shown, name: str) -> HttpResponse:
    """Return a report as an xlsx download: a sheet for each table, the filter written above."""
    book = Workbook()
    book.remove(book.active)
    said = f"{shown.report.department.label}  {shown.report.begin} - {shown.report.end}"
    for title, heads, rows in pages.tables(shown):
        sheet = book.create_sheet(title[:SHEET_NAME])
        sheet.append([plain_cell(f"{pages.title(shown.report)}  {said}")])
        sheet.append([plain_cell(head) for head in heads])
        for row in rows:
            sheet.append([_number(value) for value in row])
        _dress(sheet, heads)
    return sent(book, name)


def _number(value: Any) -> Any:
    """Return a rate as the number it is; other texts as texts."""
    if isinstance(value, str):
        plain = value.replace(".", "", 1)
        return float(value) if plain.isdigit() and plain.isascii() and "." in value else plain_cell(value)
    return value


def _dress(sheet: Any, heads: Sequence[str]) -> None:
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.freeze_panes = "B3"
    for number in range(1, len(heads) + 1):
        letter = get_column_letter(number)
        longest = max((len(str(cell.value or "")) for cell in sheet[letter][1:]), default=0)
        sheet.column_dimensions[letter].width = min(max(USUAL_WIDTH, 2 * longest), BROAD["text"])
        sheet[f"{letter}2"].font = Font(bold=True)
        sheet[f"{letter}2"].fill = FILL
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.border = THIN
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:2"


def standard() -> bytes:
    """Return the standard ledger as a template: what somebody begins with who makes one of their own."""
    book = Workbook()
    sheet = book.active
    sheet.title = _("Ledger")
    known = fields.fields()
    last = get_column_letter(len(STANDARD))
    sheet["A1"] = _("Ledger of the matters of firms")
    sheet["A1"].font = Font(bold=True, size=18)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells(f"A1:{last}1")
    sheet["A2"] = " ".join(
        f"{known[key].label}: {{{{ {known[key].label} }}}}"
        for key in ("department", "period", "made_on", "count")
    )
    sheet.merge_cells(f"A2:{last}2")
    for number, key in enumerate(STANDARD, start=1):
        head, line = sheet.cell(HEAD_ROW, number, known[key].label), sheet.cell(LIST_ROW, number)
        line.value = f"{{{{ {known[key].label} }}}}"
        head.font, head.fill = Font(bold=True), FILL
        for cell in (head, line):
            cell.border = THIN
            cell.alignment = Alignment(
                wrap_text=True, vertical="center", horizontal="center" if cell is head else None
            )
        sheet.column_dimensions[get_column_letter(number)].width = _width(known[key])
    _paper(sheet, last)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _paper(sheet: Any, last: str) -> None:
    sheet.row_dimensions[TITLE_ROW].height = 36
    sheet.row_dimensions[HEAD_ROW].height = 30
    sheet.freeze_panes = f"A{LIST_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{TITLE_ROW}:{HEAD_ROW}"
    sheet.print_area = f"A1:{last}{LIST_ROW}"
    sheet.oddFooter.center.text = "&P / &N"

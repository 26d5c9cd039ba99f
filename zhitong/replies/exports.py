"""Sheets of replies as workbooks: to be filled in by a unit, and what could not be entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from zhitong.cases import queries as case_queries
from zhitong.cases.states import Outcome
from zhitong.core import data
from zhitong.core.http import plain_cell
from zhitong.core.workbooks import sent, workbook_of
from zhitong.replies.services import Judged, SheetRow
from zhitong.replies.states import sheet_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.http import HttpResponse

    from zhitong.orgs.models import Department
    from zhitong.replies.models import ReplySheet
    from zhitong.replies.queries import Matter

FILL = PatternFill("solid", fgColor="E8EEF8")
TO_FILL_IN = ("text", "outcome", "name")


def blank(department: Department, matters: Iterable[Matter], *, now: datetime) -> HttpResponse:
    """Return the sheet of a unit: a row for each case, three columns to fill in, outcomes to choose from."""
    columns = sheet_rules()["column"]
    book = Workbook()
    sheet = book.active
    sheet.title = _("Replies")
    title = _("%(unit)s: please reply") % {"unit": department.label}
    sheet.append([plain_cell(title)])
    sheet.append([data.label(column["label"]) for column in columns])
    for matter in matters:
        cells = _cells(matter)
        sheet.append([plain_cell(cells.get(column["key"], "")) for column in columns])
    _dress(sheet, columns)
    return sent(book, f"replies-{department.pk}-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx")


def _cells(matter: Matter) -> dict[str, str]:
    # As on the page of a link: the case and what is asked, no people, no telephone numbers.
    case = matter.case
    firm = case_queries.firm_of(None, case)
    return {
        "number": case.number,
        "firm": firm.name if firm is not None else "",
        "said": case_queries.said(None, case, case.text),
        "wanted": case_queries.said(None, case, matter.wanted),
        "due": f"{timezone.localtime(matter.due_at):%Y-%m-%d}" if matter.due_at else "",
    }


def _dress(sheet: Any, columns: Sequence[dict[str, Any]]) -> None:
    sheet["A1"].font = Font(bold=True, size=14)
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column["width"]
        for row in range(2, sheet.max_row + 1):
            cell = sheet[f"{letter}{row}"]
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=row == 2)  # noqa: PLR2004 - the row of headings
            if column["key"] in TO_FILL_IN:
                cell.fill = FILL
        if column["key"] == "outcome":
            words = ",".join(str(label) for label in Outcome.labels)
            choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
            sheet.add_data_validation(choice)
            choice.add(f"{letter}3:{letter}{max(sheet.max_row, 3)}")
    sheet.freeze_panes = "B3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def refused(sheet: ReplySheet, *, now: datetime) -> HttpResponse:
    """Return the rows of a sheet that could not be entered, as they stood, with the reason."""
    columns = {column["key"]: data.label(column["label"]) for column in sheet_rules()["column"]}
    keys = ("number", *TO_FILL_IN)
    heads = [_("Row"), _("Reason"), *(columns[key] for key in keys)]
    rows = ([row.row.line, row.why, *(getattr(row.row, key) for key in keys)] for row in refused_rows(sheet))
    name = f"refused-{timezone.localtime(now):%Y%m%d-%H%M}.xlsx"
    return workbook_of(heads, rows, name, title=_("Refused rows"))


def refused_rows(sheet: ReplySheet) -> list[Judged]:
    """Return the rows of a sheet that could not be entered, with their sentences."""
    return [
        Judged(
            SheetRow(**{key: kept[key] for key in ("line", "number", "text", "outcome", "name")}),
            msgid=kept["msgid"],
            params=kept["params"],
        )
        for kept in sheet.refused
    ]

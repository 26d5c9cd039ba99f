"""Rows as workbooks to download."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from openpyxl import Workbook

from zhitong.core.http import XLSX, plain_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def workbook_of(
    heads: Sequence[Any], rows: Iterable[Sequence[Any]], name: str, *, title: str
) -> HttpResponse:
    """Return rows below headings as an xlsx download, written row by row; texts are never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for part in ([heads], rows):
        for cells in part:
            sheet.append([plain_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return sent(book, name)


def sent(book: Workbook, name: str) -> HttpResponse:
    """Return a workbook as a download that no cache keeps."""
    file = io.BytesIO()
    book.save(file)
    response = HttpResponse(file.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response

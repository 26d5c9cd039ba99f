"""Workbooks, after `package` has looked at what they are made of; runs in the child process."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from zhitong.core.sheets.reasons import Reason, SheetRefused

TOP = 50  # rows whose merged cells are told: headings lie there


def read(content: bytes, sheet: str, table: Callable[..., Any]) -> Any:
    """Return the rows of the wanted sheet, or of the visible one with the most rows."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            row.name
            for row in book.sheets_metadata
            if row.typ is SheetTypeEnum.WorkSheet and row.visible is SheetVisibleEnum.Visible
        ]
        if not names:
            raise SheetRefused(Reason.EMPTY)
        # each is parsed once, and but one is kept
        sheets = map(book.get_sheet_by_name, [sheet] if sheet in names else names)
        found = max(sheets, key=lambda one: one.height)
    except PasswordError:
        raise SheetRefused(Reason.ENCRYPTED) from None
    except CalamineError:
        raise SheetRefused(Reason.DAMAGED) from None
    if found.start is None:
        raise SheetRefused(Reason.EMPTY)
    merged = [(*start, *end) for start, end in found.merged_cell_ranges or () if start[0] < TOP]
    return table(_rows(found), sheets=names, sheet=found.name, merged=merged)


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    before = [""] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [*before, *row]

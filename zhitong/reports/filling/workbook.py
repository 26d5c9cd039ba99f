"""Excel templates: fields found and filled with styles, merged cells, heights and print settings kept.

Values are written as texts, numbers and days, never as formulas. Runs in the child process, which can open no
file by then: parts are written to memory.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import copy
from datetime import date
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook as Plain
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.writer.excel import ExcelWriter

from zhitong.reports.filling.limits import FillLimits
from zhitong.reports.filling.reasons import Reason, TemplateRefused
from zhitong.reports.filling.words import PLACE, Found, Words

FORMULA_STARTS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
LONGEST = 32_767  # signs that a cell may hold
REACHES = re.compile(r"[|\[\]]|DDE", re.IGNORECASE)  # in the formula of a name or a rule
DAY = "yyyy-mm-dd"
LINE, SPARE, TALLEST = 15, 4, 400  # points: a line of text, what is left around it, what a row may have
WIDTH = 8.43  # of a column that says nothing
ONE = "0.0"
PLAIN = frozenset({"General", "@"})  # formats of a cell that say nothing of days or numbers
BROKEN = (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError)


class _Writer(ExcelWriter):
    """Writes sheets to memory instead of to files beside it."""

    def write_worksheet(self, ws: Any) -> None:
        """Write one sheet."""
        part = io.BytesIO()
        writer = WorksheetWriter(ws, part)
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001 - as openpyxl's own writer does
        self._archive.writestr(ws.path[1:], part.getvalue())
        self.manifest.append(ws)


def warm() -> None:
    """Read and write a workbook once, so that everything openpyxl imports late is there."""
    book = Plain()
    book.active.merge_cells("A1:B1")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as box:
        _Writer(book, box).write_data()
    load_workbook(file)


class Workbook:
    """An Excel template taken apart."""

    def __init__(self, content: bytes, words: Words, limits: FillLimits) -> None:
        self.words, self.limits = words, limits
        try:
            self.book = load_workbook(io.BytesIO(content))
        except BROKEN:
            raise TemplateRefused(Reason.DAMAGED) from None
        self._harmless()
        self.sheets = [(sheet, self._fields(sheet)) for sheet in self.book.worksheets]

    def _harmless(self) -> None:
        if self.book.chartsheets:
            raise TemplateRefused(Reason.PICTURES)
        for sheet in self.book.worksheets:
            if sheet.max_row > self.limits.rows or sheet.max_column > self.limits.columns:
                raise TemplateRefused(
                    Reason.TOO_WIDE, {"rows": self.limits.rows, "columns": self.limits.columns}
                )
            for cell in _cells(sheet):
                if cell.data_type == "f":
                    raise TemplateRefused(Reason.FORMULAS, {"cell": f"{sheet.title[:15]}!{cell.coordinate}"})
        names = [self.book.defined_names, *(sheet.defined_names for sheet in self.book.worksheets)]
        for name in (name for table in names for name in table.values()):
            if REACHES.search(name.attr_text or "") or name.vbProcedure or name.function or name.xlm:
                raise TemplateRefused(Reason.EXTERNAL, {"part": str(name.name)[:20]})

    def _fields(self, sheet: Any) -> list[tuple[Any, list[Found]]]:
        found = []
        for cell in _cells(sheet):
            if isinstance(cell.value, str):
                fields = self.words.find(cell.value)
                if fields:
                    found.append((cell, fields))
        lines = sorted({cell.row for cell, fields in found if any(field.listed for field in fields)})
        if len(lines) > 1:
            raise TemplateRefused(Reason.TWO_LISTS, {"place": f"{sheet.title[:20]}: {lines[0]}, {lines[1]}"})
        for merged in sheet.merged_cells.ranges if lines else ():
            if merged.min_row <= lines[0] <= merged.max_row and merged.min_row < merged.max_row:
                raise TemplateRefused(Reason.MERGED, {"cell": merged.coord})
        return found

    def look(self) -> list[tuple[Found, str]]:
        """Return the fields with the cells they stand in."""
        return [
            (field, f"{sheet.title[:15]}!{cell.coordinate}"[:PLACE])
            for sheet, cells in self.sheets
            for cell, fields in cells
            for field in fields
        ]

    def fill(self, single: dict[str, Any], rows: list[dict[str, Any]]) -> bytes:
        """Return the workbook with its fields replaced and its lines of a list repeated."""
        for sheet, cells in self.sheets:
            line = next((cell.row for cell, fields in cells if any(one.listed for one in fields)), None)
            others = [(cell, fields) for cell, fields in cells if cell.row != line]
            if line is not None:
                self._repeat(sheet, line, single, rows)
            for cell, fields in others:
                self._put(cell, cell.value, fields, single.get)
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as box:
            _Writer(self.book, box).write_data()
        return file.getvalue()

    def _repeat(self, sheet: Any, line: int, single: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        rows = rows or [dict.fromkeys(self.words.listed, None)]
        pattern = [(cell.column, cell.value, copy(cell._style)) for cell in sheet[line]]  # noqa: SLF001 - looks
        found = {column: self.words.find(value) for column, value, _ in pattern if isinstance(value, str)}
        merged = [one.bounds for one in sheet.merged_cells.ranges if one.min_row == line]
        height = sheet.row_dimensions[line].height
        widths = {column: _width(sheet, line, column) for column, *_ in pattern}
        if len(rows) > 1:
            _make_room(sheet, line, len(rows) - 1)
        for number, row in enumerate(rows):
            value = {**single, **row}.get
            for column, text, style in pattern:
                cell = sheet.cell(line + number, column)
                if isinstance(cell, MergedCell):
                    continue
                cell._style = copy(style)  # noqa: SLF001 - looks
                self._put(cell, text, found.get(column, []), value)
            sheet.row_dimensions[line + number].height = height or _tall(sheet[line + number], widths)
            if number:
                for left, _top, right, _bottom in merged:
                    sheet.merge_cells(None, line + number, left, line + number, right)

    def _put(self, cell: Cell, text: Any, fields: list[Found], value: Callable[[str], Any]) -> None:
        """Write a value of its own kind where a field stands alone, else the text around the fields."""
        alone = len(fields) == 1 and isinstance(text, str) and fields[0].span == _stripped(text)
        given = value(fields[0].key) if alone and fields[0].key and not fields[0].format else None
        if isinstance(given, dict):
            form = cell.number_format  # which openpyxl would change
            cell.value = date.fromisoformat(given["day"])
            cell.number_format = DAY if form in PLAIN else form
        elif isinstance(given, (int, float)) and not isinstance(given, bool):
            cell.value = given
            if isinstance(given, float) and cell.number_format in PLAIN:
                cell.number_format = ONE
        else:
            shown = self.words.filled(text, fields, value) if isinstance(text, str) else text
            _write(cell, shown)


def _width(sheet: Any, line: int, column: int) -> float:
    """Return how many signs of half width a cell of a row takes, with what is merged to it."""
    area = next((one for one in sheet.merged_cells.ranges if (line, column) in one.top), None)
    last = area.max_col if area else column
    letters = [get_column_letter(number) for number in range(column, last + 1)]
    return sum(sheet.column_dimensions[letter].width or WIDTH for letter in letters)


def _tall(cells: Any, widths: dict[int, float]) -> float | None:
    """Return the height that wrapped texts need, since no program measures it again; None for one line."""
    lines = 1
    for cell in cells:
        if isinstance(cell.value, str) and cell.alignment.wrap_text:
            room = max(widths[cell.column] - 1, 1)
            lines = max(lines, sum(max(ceil(_signs(part) / room), 1) for part in cell.value.split("\n")))
    return min(lines * LINE + SPARE, TALLEST) if lines > 1 else None


def _signs(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _stripped(text: str) -> tuple[int, int]:
    begin = len(text) - len(text.lstrip())
    return begin, len(text.rstrip())


def _write(cell: Cell, value: Any) -> None:
    """Write a text that stays a text, whatever it begins with."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = ""
    cell._value = value[:LONGEST]  # noqa: SLF001 - openpyxl takes a text that begins with = for a formula
    cell.data_type = "s"
    if value.startswith(FORMULA_STARTS):
        cell.quotePrefix = True


def _cells(sheet: Any) -> Iterator[Any]:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                yield cell


def _make_room(sheet: Any, line: int, more: int) -> None:
    """Move everything below a row down; what reaches over the row grows with it."""
    last = sheet.max_row
    if last > line:
        sheet.move_range(f"A{line + 1}:{sheet.cell(last, sheet.max_column).coordinate}", rows=more)
    for number in range(last, line, -1):
        height = sheet.row_dimensions[number].height
        sheet.row_dimensions[number + more].height = height
        sheet.row_dimensions[number].height = None
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > line:
            merged.shift(row_shift=more)
    if sheet.print_area:
        sheet.print_area = ",".join(
            _grown(part.rsplit("!", 1)[-1], line, more) for part in _parts(sheet.print_area)
        )
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = _grown(sheet.auto_filter.ref, line, more)
    for rule in sheet.data_validations.dataValidation:
        rule.sqref = _all_grown(rule.sqref, line, more)
    _rules(sheet, line, more)
    for mark in sheet.row_breaks.brk:
        mark.id += more if mark.id >= line else 0


def _parts(areas: Any) -> list[str]:
    return list(areas) if isinstance(areas, (list, tuple)) else str(areas).split(",")


def _grown(area: str, line: int, more: int) -> str:
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    top = top + more if top > line else top
    bottom = bottom + more if bottom >= line else bottom
    return CellRange(min_col=left, min_row=top, max_col=right, max_row=bottom).coord


def _all_grown(areas: MultiCellRange, line: int, more: int) -> MultiCellRange:
    return MultiCellRange([CellRange(_grown(area.coord, line, more)) for area in areas.ranges])


def _rules(sheet: Any, line: int, more: int) -> None:
    before, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for one in before:
        for rule in one.rules:
            sheet.conditional_formatting.add(str(_all_grown(one.sqref, line, more)), rule)

"""From bytes to rows of texts; runs in the child process.

Written are lines of JSON: first what the table is, then `[line, [cells]]` for each row that says something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import IO, Any

from zhitong.core.sheets import package, plain_text, workbook
from zhitong.core.sheets.limits import SheetLimits
from zhitong.core.sheets.reasons import Reason, SheetRefused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BLANK = " \t\r\n\u00a0\u3000\ufeff"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")  # but line breaks and tabs
LARGEST_PLAIN = 1e21


@dataclass
class Table:
    """What a reader found: rows with their numbers, and what they are part of."""

    rows: Iterable[tuple[int, list[Any]]]
    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def convert(content: bytes, out: IO[str], limits: SheetLimits, sheet: str) -> int:
    """Write the rows of a table and return how many; SheetRefused says what is wrong with it."""
    table = _open(content, limits, sheet)
    head = {
        "sheets": table.sheets, "sheet": table.sheet, "encoding": table.encoding,
        "delimiter": table.delimiter, "merged": table.merged,
    }  # fmt: skip
    out.write(json.dumps(head, ensure_ascii=False) + "\n")
    rows = 0
    for line, values in table.rows:
        if line > limits.rows:
            raise SheetRefused(Reason.TOO_MANY_ROWS, {"limit": limits.rows})
        cells = [text(value)[: limits.cell] for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > limits.columns:
            raise SheetRefused(Reason.TOO_MANY_COLUMNS, {"limit": limits.columns})
        if cells:
            out.write(json.dumps([line, cells], ensure_ascii=False) + "\n")
            rows += 1
    if not rows:
        raise SheetRefused(Reason.EMPTY)
    return rows


def _open(content: bytes, limits: SheetLimits, sheet: str) -> Table:
    if content.startswith(ZIP):
        package.check(content, limits)
        return workbook.read(content, sheet, Table)
    if content.startswith(OLE):
        package.check_old(content)
        return workbook.read(content, sheet, Table)
    if content[:4] in {b"%PDF", b"\x7fELF", b"\x89PNG", b"Rar!", b"\xff\xd8\xff\xe0"}:
        raise SheetRefused(Reason.UNKNOWN_TYPE)
    return plain_text.read(content, Table)


def text(value: Any) -> str:
    """Return a cell as text: numbers without needless point or exponent, days as ISO, errors as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time, timedelta, int)):
        return str(value)
    return CONTROLS.sub("", str(value)).strip(BLANK)


def _number(value: float) -> str:
    if value != value or abs(value) >= LARGEST_PLAIN:  # noqa: PLR0124 - not a number
        return ""
    if value.is_integer():
        return str(int(value))
    short = format(value, ".15g")
    return format(Decimal(short), "f") if "e" in short else short

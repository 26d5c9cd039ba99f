"""Tables as text: encoding and delimiter are found by looking at the whole; runs in the child process."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from zhitong.core.sheets.reasons import Reason, SheetRefused

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = (",", "\t", ";", "|", "\uff0c")
LOOKED_AT = 20  # lines by which the delimiter is found
LONGEST_FIELD = 1_000_000

for _encoding in (*ENCODINGS, *BOMS.values()):
    codecs.lookup(_encoding)  # found now: later the child can open no file, not even that of a codec


def read(content: bytes, table: Callable[..., Any]) -> Any:
    """Return the rows of a text; SheetRefused where it is none."""
    text, encoding = _decoded(content)
    if text.lstrip()[:1] == "<":
        raise SheetRefused(Reason.UNKNOWN_TYPE)  # a web page that calls itself a workbook
    delimiter = _delimiter(text)
    return table(_rows(text, delimiter), encoding=encoding, delimiter=delimiter)


def _decoded(content: bytes) -> tuple[str, str]:
    named = next((name for bom, name in BOMS.items() if content.startswith(bom)), "")
    if not named and b"\0" in content:
        raise SheetRefused(Reason.UNKNOWN_TYPE)
    for encoding in (named,) if named else ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise SheetRefused(Reason.ENCODING)


def _delimiter(text: str) -> str:
    """Return the sign that cuts the first lines most evenly into most parts."""
    lines = [line for line in text.splitlines()[:LOOKED_AT] if line.strip()]

    def evenness(sign: str) -> tuple[int, int]:
        counts = [count for line in lines if (count := line.count(sign))]  # a title has none
        usual = max(sorted(set(counts)), key=counts.count, default=0)
        return (counts.count(usual), usual)

    return max(DELIMITERS, key=evenness)


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    before = 0
    try:
        for row in reader:
            yield before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise SheetRefused(Reason.DAMAGED) from error

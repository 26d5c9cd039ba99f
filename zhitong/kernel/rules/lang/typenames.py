"""Types as they are written: `list<number>`, `context<a: string>`, `function<number> -> Any`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.kernel.rules.lang import nodes
from zhitong.kernel.rules.lang.names import Names, spelled
from zhitong.kernel.rules.lang.tokens import Kind

if TYPE_CHECKING:
    from zhitong.kernel.rules.lang.cursor import Cursor

PLAIN = (
    "Any", "Null", "boolean", "context", "date", "date and time", "days and time duration", "function",
    "list",
    "number", "range", "string", "time", "years and months duration", "day time duration",
    "year month duration", "dateTime", "dayTimeDuration", "yearMonthDuration",
)  # fmt: skip
_KNOWN = Names(PLAIN)


def type_name(cursor: Cursor) -> nodes.TypeName:
    """Read a type."""
    begin = cursor.word.begin
    name = _name(cursor)
    parts: list[tuple[str, nodes.TypeName]] = []
    result = None
    if cursor.takes("<"):
        with cursor.deeper():
            parts = _parts(cursor)
        cursor.expects(">")
    if name == "function" and cursor.takes("->"):
        with cursor.deeper():
            result = type_name(cursor)
    return nodes.TypeName(begin, cursor.words[cursor.at - 1].end, name, tuple(parts), result)


def _parts(cursor: Cursor) -> list[tuple[str, nodes.TypeName]]:
    found: list[tuple[str, nodes.TypeName]] = []
    while not cursor.sees(">"):
        if found:
            cursor.expects(",")
        found.append((cursor.label() or "", type_name(cursor)))
    return found


def _name(cursor: Cursor) -> str:
    size = _KNOWN.longest(cursor.words, cursor.at)
    if not size:
        if cursor.word.kind is not Kind.NAME:
            cursor.fail(
                "The name of a type is missing here.", "Write number, string, boolean, date or another type."
            )
        size = 1
        while (
            cursor.words[cursor.at + size].text == "."
            and cursor.words[cursor.at + size + 1].kind is Kind.NAME
        ):
            size += 2
    taken = cursor.words[cursor.at : cursor.at + size]
    cursor.at += size
    return spelled(taken)

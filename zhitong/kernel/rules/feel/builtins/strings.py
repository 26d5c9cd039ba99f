"""Functions of texts; places count signs from 1, and from the end below 0."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from zhitong.kernel.rules.feel.builtins.signatures import Table

TABLE = Table()


def place(start: Decimal, length: int) -> int | None:
    """Return the index from 0 of a place; None where there is none."""
    number = int(start)
    if number == 0 or abs(number) > length:
        return None
    return number - 1 if number > 0 else length + number


@TABLE.add("substring", "string: string", "start position: number", "length?: number?")
def _substring(feel: Any, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    del feel
    begin = place(start, len(text))
    if begin is None or (length is not None and length < 0):
        return None
    return text[begin:] if length is None else text[begin : begin + int(length)]


@TABLE.add("string length", "string: string")
def _length(feel: Any, text: str) -> Decimal:
    del feel
    return Decimal(len(text))


@TABLE.add("upper case", "string: string")
def _upper(feel: Any, text: str) -> str:
    del feel
    return text.upper()


@TABLE.add("lower case", "string: string")
def _lower(feel: Any, text: str) -> str:
    del feel
    return text.lower()


@TABLE.add("substring before", "string: string", "match: string")
def _before(feel: Any, text: str, match: str) -> str:
    del feel
    head, found, _tail = text.partition(match) if match else ("", "", "")
    return head if found else ""


@TABLE.add("substring after", "string: string", "match: string")
def _after(feel: Any, text: str, match: str) -> str:
    del feel
    return text.partition(match)[2] if match else text


@TABLE.add("contains", "string: string", "match: string")
def _contains(feel: Any, text: str, match: str) -> bool:
    del feel
    return match in text


@TABLE.add("starts with", "string: string", "match: string")
def _starts(feel: Any, text: str, match: str) -> bool:
    del feel
    return text.startswith(match)


@TABLE.add("ends with", "string: string", "match: string")
def _ends(feel: Any, text: str, match: str) -> bool:
    del feel
    return text.endswith(match)


@TABLE.add("string join", "list: list", "delimiter?: string?")
def _join(feel: Any, items: list[Any], delimiter: str | None = None) -> str | None:
    del feel
    if any(item is not None and not isinstance(item, str) for item in items):
        return None
    return (delimiter or "").join(item for item in items if item is not None)

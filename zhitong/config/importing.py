"""Messages of a file as drafts of cases: reading, recognising columns, refusing rows with reasons."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from zhitong.core import data

FIELDS = ("text", "title", "time", "reporter", "number")
LONGEST = 20_000  # characters of one message


class ImportRefusedError(Exception):
    """A file that cannot be read at all, in a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message that can become a case."""

    line: int
    text: str
    title: str
    reporter: str
    number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """One row that cannot, and why."""

    line: int
    reason: str
    row: dict[str, str]


def read(path: Path, columns: dict[str, str]) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return the rows of a csv or xlsx file and the column of each field; raises ImportRefusedError.

    `columns` maps fields (text, title, time, reporter, number) to headings; empty ones are recognised.
    """
    rows = _workbook(path) if path.suffix.lower() in {".xlsx", ".xls"} else _csv(path)
    if not rows:
        message = f"{path.name} has no rows below its heading."
        raise ImportRefusedError(message)
    found = _columns(list(rows[0]), columns)
    if not found["text"]:
        message = (
            f"No column of {path.name} holds the text. Name it with --text. Columns: {', '.join(rows[0])}."
        )
        raise ImportRefusedError(message)
    return rows, found


def _csv(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    for encoding in data.read("imports", "messages")["encodings"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return [
            {key: value or "" for key, value in row.items() if key}
            for row in csv.DictReader(io.StringIO(text))
        ]
    message = f"{path.name} is neither UTF-8 nor GB 18030 text. Save it as one of them."
    raise ImportRefusedError(message)


def _workbook(path: Path) -> list[dict[str, str]]:
    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    if not sheet:
        return []
    heads = [str(cell).strip() for cell in sheet[0]]
    return [dict(zip(heads, map(_cell, row), strict=False)) for row in sheet[1:]]


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # numbers of workbooks come as floats
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _columns(heads: list[str], given: dict[str, str]) -> dict[str, str]:
    guesses = data.read("imports", "messages")
    found = {}
    for field in FIELDS:
        wanted = [given[field]] if given.get(field) else guesses[field]
        found[field] = next((head for name in wanted for head in heads if head.strip() == name), "")
    return found


def messages(
    rows: list[dict[str, str]], columns: dict[str, str], *, now: datetime, zone: tzinfo
) -> Iterator[Message | Refused]:
    """Give each row as a message or as refused; line numbers count from 2, below the heading."""
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        value = {field: row.get(head, "").strip() if head else "" for field, head in columns.items()}
        at = _moment(value["time"], zone) if value["time"] else now
        reason = _reason(value, at, now, seen)
        if reason or at is None:
            yield Refused(line, reason, row)
            continue
        seen.add(value["number"])
        yield Message(line, value["text"], value["title"], value["reporter"], value["number"], at)


def _reason(value: dict[str, str], at: datetime | None, now: datetime, seen: set[str]) -> str:
    if not value["text"]:
        return "The text is empty."
    if len(value["text"]) > LONGEST:
        return f"The text is longer than {LONGEST} characters."
    if at is None:
        return f"The time {value['time']!r} cannot be read. Write it as 2026-06-05 09:30."
    if at > now:
        return "The time lies in the future."
    if value["number"] and value["number"] in seen:
        return f"The number {value['number']} stands in the file twice."
    return ""


def _moment(text: str, zone: tzinfo) -> datetime | None:
    for form in data.read("imports", "messages")["time_formats"]:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    return None


def key(path: Path, message: Message) -> str:
    """Return the idempotency key of a message: its number where it has one, else file and line."""
    own = message.number or f"{hashlib.sha256(path.read_bytes()).hexdigest()}:{message.line}"
    return hashlib.sha256(f"message:{own}".encode()).hexdigest()

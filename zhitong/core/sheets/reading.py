"""The door for tables that people send: `read_table` has a limited child process read one.

This module runs in the web process or a worker; what the child wrote is trusted no more than the file was.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from zhitong.core import confined
from zhitong.core.sheets.limits import DEFAULT, MB, SheetLimits
from zhitong.core.sheets.reasons import SENTENCES, Reason, SheetRefused

log = logging.getLogger("zhitong.sheets")

_CHILD = Path(__file__).with_name("child.py")
_LONGEST_ANSWER = 4096
_LONGEST_LINE = 4 * MB
_AT_ONCE = 2  # each child may take a gigabyte and a half
_slots = threading.BoundedSemaphore(_AT_ONCE)
_CORNERS = 4
_LONGEST_NAME = 255  # of a sheet; Excel allows 31
# what a wrong answer may lead to; UnicodeDecodeError is a ValueError
_MISUNDERSTOOD = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table as lines of JSON at `path`; `merged` are first row and column, last row and column, from 0."""

    path: Path
    sheets: tuple[str, ...]
    sheet: str
    encoding: str
    delimiter: str
    merged: tuple[tuple[int, int, int, int], ...]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give the number of each row and its cells, one row at a time."""
        with self.path.open(encoding="utf-8") as file:
            _line(file)
            while line := _line(file):
                number, cells = _loaded(line)
                if not isinstance(number, int) or not all(isinstance(cell, str) for cell in cells):
                    raise SheetRefused(Reason.UNREADABLE)
                yield number, cells

    def count(self) -> int:
        """Return how many rows there are."""
        with self.path.open("rb") as file:
            return sum(1 for _ in file) - 1


def _line(file: IO[str]) -> str:
    try:
        return file.readline(_LONGEST_LINE)
    except UnicodeDecodeError:
        raise SheetRefused(Reason.UNREADABLE) from None


def _loaded(line: str) -> Any:
    try:
        found = json.loads(line)
        number, cells = found
        return number, list(cells)
    except (ValueError, TypeError, RecursionError):
        raise SheetRefused(Reason.UNREADABLE) from None


def read_table(path: Path, *, out: Path, sheet: str = "", limits: SheetLimits = DEFAULT) -> TableFile:
    """Have a child process read the table at `path` and write its rows to `out`; raises SheetRefused.

    Without a name of a sheet the visible one with the most rows is read. `path` is not changed; after a
    refusal `out` does not exist. Blocks for up to twice `limits.wall_seconds`.
    """
    try:
        with confined.opened(path) as source:
            _check_size(os.fstat(source.fileno()).st_size, limits)
            _ask_child(source, out, sheet, limits)
        return open_table(out)
    except confined.NotAFileError:
        out.unlink(missing_ok=True)
        raise SheetRefused(Reason.NOT_A_FILE) from None
    except BaseException:  # also where no child could be started, or somebody stops the server
        out.unlink(missing_ok=True)
        raise


def _check_size(size: int, limits: SheetLimits) -> None:
    if not size:
        raise SheetRefused(Reason.EMPTY)
    if size > limits.file_mb * MB:
        raise SheetRefused(Reason.TOO_LARGE, {"limit_mb": limits.file_mb})


def _ask_child(source: Any, out: Path, sheet: str, limits: SheetLimits) -> None:
    if not _slots.acquire(timeout=limits.wall_seconds):
        raise SheetRefused(Reason.BUSY)
    try:
        with out.open("wb") as rows, tempfile.TemporaryFile() as printed:
            # as JSON also the name, which may hold what no argument can
            told = [json.dumps(dataclasses.asdict(limits)), json.dumps(sheet[:_LONGEST_NAME])]
            status = confined.run_child(
                _CHILD, told, source=source, outputs=(rows,), printed=printed,
                wall_seconds=limits.wall_seconds,
            )  # fmt: skip
            if status != 0:
                # the number only: names and contents of files have no place in a log
                log.warning("reading of a table ended with status %s", status)
                raise SheetRefused(Reason.UNREADABLE)
            printed.seek(0)
            _understood(printed.read(_LONGEST_ANSWER + 1))
    finally:
        _slots.release()


def _understood(answer: bytes) -> None:
    """Raise what the child refused; anything but an answer in its form is a refusal, too."""
    try:
        told = json.loads(answer)
        if "refused" not in told and int(told["rows"]) > 0:
            return
        code = Reason(told["refused"])
        params = {str(name): _short(value) for name, value in told["params"].items()}
        # a sentence whose placeholders stay empty would break the page that shows it
        _ = SENTENCES[code] % params
    except _MISUNDERSTOOD:
        raise SheetRefused(Reason.UNREADABLE) from None
    raise SheetRefused(code, params)


def _short(value: object) -> int | str:
    return value if isinstance(value, int) else str(value)[:20]


def open_table(path: Path) -> TableFile:
    """Return a table that was read before; SheetRefused if it is none."""
    with path.open(encoding="utf-8") as file:
        head = _line(file)
    try:
        told = json.loads(head)
        merged = tuple(tuple(map(int, corners)) for corners in told["merged"])
        merged = tuple(corners for corners in merged if len(corners) == _CORNERS)
        texts = {name: str(told[name]) for name in ("sheet", "encoding", "delimiter")}
        return TableFile(path, tuple(map(str, told["sheets"])), **texts, merged=merged)
    except _MISUNDERSTOOD:
        raise SheetRefused(Reason.UNREADABLE) from None

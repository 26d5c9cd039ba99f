"""Imports from end to end: read what a person dropped, look ahead, bring it in by chunks, take it back."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.sheets.heading import find_heading, unit_of
from zhitong.core.sheets.reading import TableFile, open_table, read_table
from zhitong.core.sheets.reasons import SENTENCES, SheetRefused
from zhitong.enterprises import queries, services
from zhitong.enterprises.lists import columns as list_columns
from zhitong.enterprises.lists.rows import Read, Reader, Refused
from zhitong.enterprises.models import Enterprise, ImportChange
from zhitong.enterprises.services.privacy import LISTS
from zhitong.enterprises.words import ImportState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import ImportBatch

CHUNK = 500
TOP = 25  # rows in which the heading is looked for
LOOK = 2_000  # rows that a look ahead reads
SHOWN = 20
SOURCE = "import"  # whose word an imported fact is


def folder() -> Path:
    """Return where the rows of lists lie until their time is over."""
    place = settings.MEDIA_ROOT / LISTS
    place.mkdir(parents=True, exist_ok=True)
    return place


def receive(file: Any, *, by: Actor, now: datetime, source: str, key: str = "") -> ImportBatch:
    """Have an uploaded list read by a limited child and keep it; FieldError on `file` says what is wrong."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="quarantine-", dir=folder()) as quarantine:
        raw = Path(quarantine) / "file"
        with raw.open("wb") as target:
            for chunk in file.chunks():
                digest.update(chunk)
                target.write(chunk)
        return receive_path(
            raw, name=file.name or "", sha256=digest.hexdigest(), by=by, now=now, source=source, key=key
        )


def receive_path(
    path: Path, *, name: str, sha256: str, by: Actor, now: datetime, source: str, key: str = ""
) -> ImportBatch:
    """Read the list at a path and keep it as an import that waits for its columns."""
    out = folder() / f"{secrets.token_hex(16)}.jsonl"
    try:
        table = read_table(path, out=out)
    except SheetRefused as refusal:
        out.unlink(missing_ok=True)
        raise FieldError("file", SENTENCES[refusal.code], **refusal.params) from refusal
    top = list(islice(table.rows(), TOP))
    heading = find_heading(top, table.merged, list_columns.headings())
    if heading is None:
        out.unlink(missing_ok=True)
        raise FieldError(
            "file", gettext_noop("No row of headings was found among the first rows of the list.")
        )
    labels = heading.labels
    kept = {
        "labels": labels,
        "last": heading.line_last,
        "units": {str(place): unit for place, unit in unit_of(top, heading).items()},
        "sheet": table.sheet,
    }
    guessed = list_columns.guess(labels, queries.remembered(source), local_date(now))
    below = table.count() - sum(1 for line, _ in top if line <= heading.line_last)
    given = services.ReceivedList(name, sha256, out.name, kept, below)
    return services.receive_list(by=by, now=now, key=key, given=given, source=source, columns=guessed)


def _table(batch: ImportBatch) -> TableFile:
    return open_table(folder() / batch.table)


def _rows(
    batch: ImportBatch, columns: Mapping[str, str], region: str, today: Any
) -> Iterator[Read | Refused]:
    reader = Reader(columns, batch.heading["units"], region=region, source=SOURCE, today=today)
    for line, cells in _table(batch).rows():
        if line > batch.heading["last"]:
            yield reader.read(line, cells)


def preview(batch: ImportBatch, columns: Mapping[str, str], region: str, *, now: datetime) -> dict[str, Any]:
    """Return what would happen to the first rows, and how many of the first thousands would do what."""
    chosen = {place: meaning for place, meaning in columns.items() if meaning}
    read = list(islice(_rows(batch, chosen, region, local_date(now)), LOOK))
    codes = [row.record.code for row in read if isinstance(row, Read)]
    known: set[str] = set()
    for start in range(0, len(codes), CHUNK):
        part = codes[start : start + CHUNK]
        known |= set(Enterprise.objects.filter(code__in=part).values_list("code", flat=True))
    outcomes = [_outcome(row, known) for row in read]
    below = ((line, cells) for line, cells in _table(batch).rows() if line > batch.heading["last"])
    raw = dict(islice(below, SHOWN))
    return {
        "counts": Counter(outcomes),
        "looked": len(read),
        "all": len(read) >= batch.rows,
        "rows": [
            {
                "line": row.line,
                "cells": raw.get(row.line, []),
                "outcome": outcome,
                "reason": (gettext(row.msgid) % row.params if row.params else gettext(row.msgid))
                if isinstance(row, Refused)
                else "",
            }
            for row, outcome in islice(zip(read, outcomes, strict=True), SHOWN)
        ],
    }


def _outcome(row: Read | Refused, known: set[str]) -> str:
    if isinstance(row, Refused):
        return "refused"
    return "known" if row.record.code in known else "new"


def run(
    batch: ImportBatch,
    *,
    by: Actor,
    now: Callable[[], datetime],
    told: Any = None,
    doubles: bool = True,
) -> ImportBatch:
    """Bring all rows of a running import in, from where it stopped; `told` hears of each chunk.

    Then look for likely doubles of what came in, unless told not to. Ends quietly where another worker has
    the rows already.
    """
    today = local_date(batch.made_at)
    rows = _rows(batch, batch.columns, batch.region, today)
    rest = (row for row in rows if row.line > batch.line)
    try:
        while chunk := list(islice(rest, CHUNK)):
            batch = services.import_chunk(by=by, now=now(), batch=batch, rows=chunk)
            if told is not None:
                told(batch)
        batch = services.end_import(by=by, now=now(), batch=batch)
    except FasterError:
        batch.refresh_from_db()
        return batch
    if doubles:
        _propose_twins(batch, by=by, now=now)
    return batch


def _propose_twins(batch: ImportBatch, *, by: Actor, now: Callable[[], datetime]) -> None:
    made = ImportChange.objects.filter(batch=batch, created=True).order_by("id")
    ids = iter(list(made.values_list("enterprise", flat=True)))
    while part := list(islice(ids, CHUNK)):
        services.find_twins(by=by, now=now(), firms=part)


def take_back(batch: ImportBatch, *, by: Actor, now: Callable[[], datetime]) -> ImportBatch:
    """Take back all rows of an import that is being undone."""
    while batch.state == ImportState.UNDOING and services.undo_chunk(by=by, now=now(), batch=batch):
        batch.refresh_from_db()
    batch.refresh_from_db()
    return batch

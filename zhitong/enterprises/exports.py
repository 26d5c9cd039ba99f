"""The register and refused rows as workbooks, written row by row."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from zhitong.core.clock import local_date
from zhitong.core.workbooks import workbook_of
from zhitong.enterprises import columns, queries, services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.columns import Column
    from zhitong.enterprises.models import Enterprise, ImportBatch

LIMIT = 50_000  # rows; a longer list is narrowed by filters first
BATCH = 500


def workbook(found: Any, shown: list[Column], *, now: datetime, by: Actor) -> HttpResponse:
    """Return the firms as an xlsx download with exactly the columns shown; the download leaves an event."""
    services.note_export(by=by, now=now, what="register", columns=[column.key for column in shown])
    heads = [_("Name of the firm"), *(str(column.label) for column in shown)]
    return workbook_of(heads, _rows(found, shown, now), f"firms-{now:%Y%m%d-%H%M}.xlsx", title=_("Firms"))


def _rows(found: Any, shown: list[Column], now: datetime) -> Iterator[list[Any]]:
    today = local_date(now)
    for firms in _batches(found):
        for row in columns.rows(firms, shown, today):
            yield [row.firm.name, *(value for _column, value in row.cells)]


def _batches(found: Any) -> Iterator[list[Enterprise]]:
    last, done = None, 0
    while done < LIMIT:
        firms, more = queries.page(found, before=last, limit=min(BATCH, LIMIT - done))
        yield firms
        if not more:
            return
        last, done = firms[-1].pk, done + len(firms)


def refused_rows(batch: ImportBatch, *, now: datetime) -> HttpResponse:
    """Return every row that was refused, as it stood, with its line and the reason."""
    heads = [_("Row"), _("Reason"), *batch.heading["labels"]]
    rows = (
        [row.line, _(row.msgid) % row.params if row.params else _(row.msgid), *row.cells]
        for row in batch.refusals.iterator(chunk_size=BATCH)
    )
    return workbook_of(heads, islice(rows, LIMIT), f"refused-{now:%Y%m%d-%H%M}.xlsx", title=_("Refused rows"))

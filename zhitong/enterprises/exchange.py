"""Firms and their facts as Arrow tables: what the province's data platform reads, and sends.

Money stays whole fen, days are dates, codes are text. Written in groups of rows, so that memory does not grow
with the number of firms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.db.models import Q
from django.utils.translation import gettext_noop
from pyarrow import ipc, parquet

from zhitong.core.errors import FieldError
from zhitong.enterprises import queries
from zhitong.enterprises.codes import checked
from zhitong.enterprises.facts import State
from zhitong.enterprises.models import Enterprise, Fact
from zhitong.enterprises.records import COLUMNS, FirmRecord
from zhitong.enterprises.services import Particulars, check_fact, checked_particulars

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

    from django.db.models import QuerySet

GROUP = 5_000
WRONG_KIND = gettext_noop("The row has values of the wrong kind.")
TEXTS = ("code", "name", "region", "street", "address", "activity", "listing", "stock_code", "size", "scale")
FIRMS = pa.schema(
    [
        *((name, pa.string()) for name in TEXTS),
        ("sized_for", pa.string()),
        ("founded_on", pa.date32()),
        ("capital", pa.int64()),
        ("products", pa.list_(pa.string())),
        ("tags", pa.list_(pa.string())),
    ]
)
FACTS = pa.schema(
    [
        *((name, pa.string()) for name in ("code", "kind", "period", "source", "state", "evidence")),
        ("value", pa.int64()),
        ("confirmed", pa.bool_()),
    ]
)


def firm_row(firm: Enterprise) -> dict[str, Any]:
    """Return one firm as plain values; `firm` comes with products and tags."""
    row = {name: getattr(firm, name) for name in FIRMS.names if hasattr(firm, name)}
    row["products"] = [product.name for product in firm.products.all()]
    row["tags"] = [tag.text for tag in firm.tags.all()]
    return row


def fact_row(fact: Fact) -> dict[str, Any]:
    """Return one statement as plain values; `fact` comes with its firm."""
    row = {name: getattr(fact, name) for name in ("kind", "period", "source", "state", "evidence", "value")}
    return {"code": fact.enterprise.code, **row, "confirmed": fact.confirmed_at is not None}


def firm_batches(firms: QuerySet[Enterprise]) -> Iterator[pa.RecordBatch]:
    """Give firms in groups, by their ids."""
    rows = firms.order_by("pk").prefetch_related("products", "tags")
    yield from _batches(map(firm_row, rows.iterator(chunk_size=GROUP)), FIRMS)


def fact_batches(firms: QuerySet[Enterprise]) -> Iterator[pa.RecordBatch]:
    """Give the statements about firms that stand now, in groups; those of merged entries are the firm's."""
    tops = queries.merged_tops()
    codes = dict(firms.filter(pk__in=set(tops.values())).values_list("pk", "code"))
    within = {entry: codes[top] for entry, top in tops.items() if top in codes}
    about = Q(enterprise__in=firms.values("pk")) | Q(enterprise__in=list(within))
    facts = Fact.objects.filter(about, replaced_at__isnull=True)
    rows = facts.select_related("enterprise").order_by("pk").iterator(chunk_size=GROUP)
    yield from _batches(
        (fact_row(fact) | {"code": within.get(fact.enterprise_id, fact.enterprise.code)} for fact in rows),
        FACTS,
    )


def _batches(rows: Iterable[dict[str, Any]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    group: list[dict[str, Any]] = []
    for row in rows:
        group.append(row)
        if len(group) == GROUP:
            yield pa.RecordBatch.from_pylist(group, schema=schema)
            group = []
    yield pa.RecordBatch.from_pylist(group, schema=schema)


def write(path: Path, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> int:
    """Write groups to a .parquet file, or an Arrow stream under any other name; return how many rows."""
    done = 0
    opened = (
        parquet.ParquetWriter(path, schema, compression="zstd")
        if path.suffix == ".parquet"
        else ipc.new_stream(str(path), schema)
    )
    with opened as writer:
        for batch in batches:
            writer.write_batch(batch)
            done += batch.num_rows
    return done


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Give the rows of a Parquet file or an Arrow stream, group by group; ValueError for anything else."""
    try:
        if path.suffix == ".parquet":
            with parquet.ParquetFile(path) as file:
                for batch in file.iter_batches(batch_size=GROUP):
                    yield from batch.to_pylist()
        else:
            with ipc.open_stream(str(path)) as stream:
                for batch in stream:
                    yield from batch.to_pylist()
    except pa.ArrowInvalid as error:
        message = f"{path.name} is neither a Parquet file nor an Arrow stream."
        raise ValueError(message) from error


def firm_record(row: dict[str, Any], today: date) -> FirmRecord:
    """Return a firm of an exchange file as a record; FieldError says what is wrong with it."""
    code = checked(str(row.get("code") or ""))
    columns = {name: row[name] for name in COLUMNS if row.get(name) is not None}
    lists = {name: tuple(map(str, row.get(name) or ())) for name in ("products", "tags")}
    try:
        _whole(columns.get("capital"))
        given = checked_particulars(Particulars(**{"name": "", "region": "", **columns}, **lists), today)
    except (TypeError, AttributeError) as error:
        raise FieldError("code", WRONG_KIND) from error
    kept = {name: getattr(given, name) for name in columns}
    return FirmRecord(code, columns=kept, products=given.products, tags=given.tags)


def _whole(value: Any) -> None:
    if value is not None and type(value) is not int:
        message = "Amounts are whole numbers."
        raise TypeError(message)


def fact_record(row: dict[str, Any], today: date) -> FirmRecord:
    """Return a statement of an exchange file as a record that changes nothing else."""
    code = checked(str(row.get("code") or ""))
    kind, period, source = (str(row.get(name) or "") for name in ("kind", "period", "source"))
    value, state = row.get("value"), str(row.get("state") or State.KNOWN)
    try:
        _whole(value)
    except TypeError as error:
        raise FieldError("value", WRONG_KIND) from error
    check_fact(kind, period, source, value, state, today)
    evidence = str(row.get("evidence") or "")[:200]
    return FirmRecord(code, facts=((kind, period, value, source, evidence),))

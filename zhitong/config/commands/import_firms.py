"""`zhitong import-firms`: bring a list (xlsx, xls, csv) or an exchange file (parquet, arrow) of firms in."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError, RefusedError
from zhitong.enterprises import exchange, exports, running, services
from zhitong.enterprises.models import Enterprise
from zhitong.enterprises.tasks import SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zhitong.enterprises.models import ImportBatch

EXCHANGE = {".parquet", ".arrow"}
CHUNK = 500
BY = system("import-firms")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="xlsx, xls or csv; or .parquet or .arrow of another platform")
    parser.add_argument("--source", default="", help="where the list comes from; its columns are remembered")
    parser.add_argument("--region", default="", help="district of rows that name none, such as 350111")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=FIELD",
        help="what a column is, where it is not recognised (code, name, region, fact:revenue:2025, ...)",
    )
    parser.add_argument("--facts", action="store_true", help="the exchange file holds facts, not firms")
    parser.add_argument(
        "--skip-doubles", action="store_true", help="do not look for likely doubles afterwards"
    )
    parser.add_argument("--refused", type=Path, help="xlsx file for the rows that were refused, with reasons")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen to the first rows")


def run(options: argparse.Namespace) -> int:
    """Import; exit 1 where rows were refused, 2 where the file cannot be read."""
    try:
        if options.file.suffix in EXCHANGE:
            return _exchange(options)
        return _list(options)
    except (RefusedError, ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _list(options: argparse.Namespace) -> int:
    content = hashlib.sha256(options.file.read_bytes()).hexdigest()
    now = clock.now()
    batch = running.receive_path(
        options.file, name=options.file.name, sha256=content, by=BY, now=now,
        source=options.source or options.file.stem,
    )  # fmt: skip
    columns = batch.columns | _named(options.column, batch.heading["labels"])
    if options.dry_run:
        look = running.preview(batch, columns, options.region, now=now)
        sys.stdout.write(_counts(look["counts"], look["looked"]))
        return 1 if look["counts"]["refused"] else 0
    batch = services.start_import(by=BY, now=now, batch=batch, columns=columns, region=options.region)
    batch = running.run(batch, by=SIGNATURE, now=clock.now, told=_tell, doubles=not options.skip_doubles)
    sys.stdout.write(
        f"{batch.created} new, {batch.changed} changed, {batch.same} as before, {batch.refused} refused.\n"
    )
    if options.refused and batch.refused:
        options.refused.write_bytes(exports.refused_rows(batch, now=now).content)
    return 1 if batch.refused else 0


def _named(given: list[str], labels: list[str]) -> dict[str, str]:
    named = {}
    for pair in given:
        label, _, field = pair.partition("=")
        if label not in labels:
            message = f"No column is called {label}. Columns: {', '.join(labels)}."
            raise ValueError(message)
        named[str(labels.index(label))] = field
    return named


def _counts(counts: Counter[str], looked: int) -> str:
    return (
        f"Of the first {looked} rows {counts['new']} would be new, {counts['known']} are known, "
        f"{counts['refused']} are refused.\n"
    )


def _tell(batch: ImportBatch) -> None:
    done = batch.created + batch.changed + batch.same + batch.refused
    if done % 10_000 < CHUNK:
        sys.stderr.write(f"{done} of {batch.rows}\n")


def _exchange(options: argparse.Namespace) -> int:
    today = local_date(clock.now())
    make = exchange.fact_record if options.facts else exchange.firm_record
    rows, counts = exchange.read(options.file), Counter[str]()
    while chunk := list(islice(rows, CHUNK)):
        records = list(_records(chunk, make, today, counts))
        if options.facts:
            records = _known(records, counts)
        if options.dry_run:
            counts["read"] += len(records)
            continue
        for done in services.store(by=SIGNATURE, now=clock.now(), records=records):
            counts["new" if done.created else "changed" if done.before or done.made else "same"] += 1
    sys.stdout.write(", ".join(f"{number} {name}" for name, number in sorted(counts.items())) + "\n")
    return 1 if counts["refused"] else 0


def _known(records: list[Any], counts: Counter[str]) -> list[Any]:
    """Leave out facts about firms that are not in the register: a code alone makes no firm."""
    codes = [record.code for record in records]
    known = set(Enterprise.objects.filter(code__in=codes).values_list("code", flat=True))
    for code in sorted(set(codes) - known):
        counts["refused"] += 1
        sys.stderr.write(f"{code}: no firm with this code is in the register\n")
    return [record for record in records if record.code in known]


def _records(chunk: list[dict[str, Any]], make: Any, today: Any, counts: Counter[str]) -> Iterator[Any]:
    merged: dict[str, Any] = {}
    for row in chunk:
        try:
            record = make(row, today)
        except FieldError as error:
            counts["refused"] += 1
            sys.stderr.write(f"{row.get('code')}: {error}\n")
            continue
        # Facts of one firm come as several rows, and a chunk names each firm once.
        known = merged.setdefault(record.code, record)
        if known is not record:
            known.facts = (*known.facts, *record.facts)
    yield from merged.values()

"""`zhitong export-firms`: write the register, or its facts, as Parquet or Arrow."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.enterprises import exchange, queries, services

BY = system("export-firms")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="a name ending in .parquet or .arrow")
    parser.add_argument("--facts", action="store_true", help="write the facts of the firms, not the firms")


def run(options: argparse.Namespace) -> int:
    """Write the file and leave an event that says so."""
    firms = queries.visible(BY)
    batches = exchange.fact_batches(firms) if options.facts else exchange.firm_batches(firms)
    schema = exchange.FACTS if options.facts else exchange.FIRMS
    services.note_export(by=BY, now=clock.now(), what=options.file.name, columns=schema.names)
    sys.stdout.write(f"{exchange.write(options.file, batches, schema)} rows.\n")
    return 0

"""`zhitong import-messages`: bring messages of a file in as cases."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.states import Channel
from zhitong.config import importing
from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.core.http import plain_cell

PROGRESS = 100  # rows between two words of progress
SIGNATURE = system("import-messages")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, help="csv (UTF-8 or GB 18030) or xlsx, headings in the first row")
    for field in importing.FIELDS:
        parser.add_argument(f"--{field}", default="", help=f"heading of the column with the {field}")
    parser.add_argument("--region", default="", help="region code whose intake unit takes the messages in")
    parser.add_argument("--keep-times", action="store_true", help="submit each at its own time, not now")
    parser.add_argument("--refused", type=Path, help="csv file for the rows that were refused, with reasons")
    parser.add_argument("--dry-run", action="store_true", help="only say what would come in")


def run(options: argparse.Namespace) -> int:
    """Import what can be imported; exit 1 if rows were refused, 2 if the file cannot be read."""
    columns = {field: getattr(options, field) for field in importing.FIELDS}
    now = clock.now()
    try:
        rows, found = importing.read(options.file, columns)
    except (importing.ImportRefusedError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    read = list(importing.messages(rows, found, now=now, zone=timezone.get_default_timezone()))
    refused = [one for one in read if isinstance(one, importing.Refused)]
    accepted = sorted((one for one in read if isinstance(one, importing.Message)), key=lambda one: one.at)
    before = Case.objects.count()
    for number, message in enumerate(accepted if not options.dry_run else [], start=1):
        submit(options.file, message, region=options.region, now=message.at if options.keep_times else now)
        if number % PROGRESS == 0:
            sys.stderr.write(f"{number} of {len(accepted)}\n")
    new = Case.objects.count() - before
    _tell(options, len(accepted), new, refused)
    return 1 if refused else 0


def submit(path: Path, message: importing.Message, *, region: str, now: datetime) -> Case:
    """Submit one message through the same service as the portal; a repeat finds the first case."""
    draft = services.Draft(
        text=message.text,
        title=message.title,
        channel=Channel.IMPORT,
        reporter=message.reporter,
        original_number=message.number[:60],
        region=region,
    )
    return services.submit(by=SIGNATURE, now=now, key=importing.key(path, message), draft=draft, firm=None)


def _tell(options: argparse.Namespace, good: int, new: int, refused: list[importing.Refused]) -> None:
    if options.dry_run:
        sys.stdout.write(f"{good} messages would come in, {len(refused)} rows are refused.\n")
    else:
        sys.stdout.write(f"{new} cases new, {good - new} known already, {len(refused)} rows refused.\n")
    if options.refused and refused:
        with options.refused.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "reason", *refused[0].row])
            for one in refused:
                writer.writerow([one.line, one.reason, *(plain_cell(cell) for cell in one.row.values())])
    else:
        for one in refused[:20]:
            sys.stderr.write(f"line {one.line}: {one.reason}\n")

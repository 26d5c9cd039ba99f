"""`zhitong make-firms`: write synthetic firms to a file, row by row."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from zhitong.config import synthetic
from zhitong.config.synthetic import figures
from zhitong.config.synthetic.tables import FEN, world

PROGRESS = 100_000  # rows between two words of progress
CHINA = timedelta(hours=8)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--count", type=int, required=True, help="how many firms")
    parser.add_argument("--seed", type=int, required=True, help="another seed makes other firms")
    parser.add_argument(
        "--today", type=date.fromisoformat, help="the day as of which the firms are (YYYY-MM-DD)"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="file to write: .csv (a list) or .jsonl (everything)"
    )


def run(options: argparse.Namespace) -> int:
    """Write the file; exit 2 where the call makes no sense or the file cannot be written."""
    write = WRITERS.get(options.out.suffix)
    if write is None:
        sys.stderr.write("The file's name must end in .csv or .jsonl.\n")
        return 2
    today = options.today or (datetime.now(tz=UTC) + CHINA).date()
    try:
        firms = synthetic.firms(count=options.count, seed=options.seed, today=today)
        with options.out.open(
            "w", encoding="utf-8-sig" if write is write_csv else "utf-8", newline=""
        ) as file:
            write(file, _told(firms, options.count), today)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{options.count} firms in {options.out}\n")
    return 0


def _told(firms: Iterable[synthetic.Firm], count: int) -> Iterator[synthetic.Firm]:
    """Say on standard error how far it is."""
    for number, firm in enumerate(firms, start=1):
        yield firm
        if number % PROGRESS == 0:
            sys.stderr.write(f"{number} of {count}\n")


def write_csv(file: TextIO, firms: Iterable[synthetic.Firm], today: date) -> None:
    """Write what a district's list of firms holds, under its headings; empty where nothing is known."""
    names = world().words["csv"]
    years = [str(today.year - 1 - back) for back in range(figures.YEARS)][::-1]
    heads = [[name] if key != "revenue" else [name.replace("{year}", year) for year in years]
             for key, name in names.items()]  # fmt: skip
    writer = csv.writer(file)
    writer.writerow([head for group in heads for head in group])
    writer.writerows(_row(firm, years) for firm in firms)


def _row(firm: synthetic.Firm, years: list[str]) -> list[Any]:
    """Take the strongest source's word, which stands first, of each year; people of the last one stated."""
    words = world()
    first: dict[tuple[str, str], int | None] = {}
    for one in firm.facts:
        first.setdefault((one.kind, one.period), one.value)
    people = (first[key] for key in (("people", year) for year in reversed(years)) if key in first)
    caller = firm.contacts[0]
    return [
        firm.code,
        firm.name,
        words.district_names[firm.region],
        words.street_names[firm.street],
        words.park_names.get(firm.park, ""),
        firm.address,
        firm.activity,
        firm.founded_on.isoformat(),
        _ten_thousands(firm.capital),
        *(_ten_thousands(first.get(("revenue", year))) for year in years),
        next(people, ""),
        caller.name,
        caller.phone,
    ]


def _ten_thousands(fen: int | None) -> str:
    """Fen as 10,000 yuan with two places; empty for what is not known."""
    return "" if fen is None else f"{fen / FEN:.2f}"


def write_jsonl(file: TextIO, firms: Iterable[synthetic.Firm], today: date) -> None:
    """Write one object a line with everything about a firm; days as YYYY-MM-DD, money in fen."""
    del today
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode
    file.writelines(encode(firm) + "\n" for firm in firms)


def _plain(thing: object) -> object:
    if isinstance(thing, date):
        return thing.isoformat()
    return {name: getattr(thing, name) for name in _names(type(thing))}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


WRITERS: dict[str, Callable[[TextIO, Iterable[synthetic.Firm], date], None]] = {
    ".csv": write_csv,
    ".jsonl": write_jsonl,
}

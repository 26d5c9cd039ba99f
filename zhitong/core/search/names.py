"""Finding names by any two signs of them.

Words of a dictionary would miss made-up names, and trigrams every word of two signs. Each run of letters is
cut into pairs (abcd becomes ab, bc, cd); a longer query is a phrase of pairs, so what is found contains it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from zhitong.core.search.tables import GAP, RUN, document, drop, index, key, pairs, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

MANY = 2000  # matches from which on a word counts as common: a plain scan finds such rows at once
LONGEST = 40  # signs of a query


def put(name: str, rows: Iterable[tuple[int, str]]) -> None:
    """Write or replace the texts of rows, by their ids, within the caller's transaction."""
    rows = list(rows)
    drop(name, [pk for pk, _ in rows])
    sql = f"INSERT INTO {index(name).table} ({key()}, words) VALUES (%s, %s)"  # noqa: S608 - declared names
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(pk, _kept(text)) for pk, text in rows])


def find(name: str, query: str, *, limit: int = MANY) -> list[int] | None:
    """Return ids of rows whose text contains each run of the query, newest first.

    None where more than `limit` fit: the words are common then, and a scan is the faster way. A query without
    any letter fits nothing.
    """
    runs = RUN.findall(plain(query)[:LONGEST])
    if not runs:
        return []
    sqlite = connection.vendor == "sqlite"
    match = (_fts if sqlite else _tsquery)(runs)
    table = index(name).table
    sql = (
        f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY rowid DESC LIMIT %s"  # noqa: S608 - same
        if sqlite
        else f"SELECT id FROM {table} WHERE words @@ %s::tsquery LIMIT %s"  # noqa: S608 - same
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, limit + 1])
        found = [pk for (pk,) in cursor.fetchall()]
    return None if len(found) > limit else sorted(found, reverse=True)


def _fts(runs: list[str]) -> str:
    return " AND ".join(f'"{run}" *' if len(run) == 1 else f'"{" ".join(pairs(run))}"' for run in runs)


def _tsquery(runs: list[str]) -> str:
    def phrase(run: str) -> str:
        return f"'{run}':*" if len(run) == 1 else " <-> ".join(f"'{pair}'" for pair in pairs(run))

    return " & ".join(f"({phrase(run)})" for run in runs)


def _kept(text: str) -> str:
    found = document(text)
    if connection.vendor == "sqlite":
        return " ".join(found)
    return " ".join(f"'{pair}':{at}" for at, pair in enumerate(found, start=1) if pair != GAP)

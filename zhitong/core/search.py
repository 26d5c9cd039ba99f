"""Finding Chinese names by any two signs of them: an index of overlapping pairs, on both databases.

Words of a dictionary would miss made-up names, and trigrams every word of two signs. Each run of letters is
cut into pairs (abcd becomes ab, bc, cd); a longer query is a phrase of pairs, so what is found contains it.
SQLite keeps the pairs in an FTS5 table, PostgreSQL in a tsvector under a GIN index. Both stand beside
Django's tables like triggers do: installed after every migration, checked at every start.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import connection, connections

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RUN = re.compile(r"[^\W_]+")
MANY = 2000  # matches from which on a word counts as common: a plain scan finds such rows at once
LONGEST = 40  # signs of a query
BATCH = 500
# Stands between runs, so that no phrase goes across: no letter, so in no query, but a word for FTS5.
GAP = "\ue000"

_names: list[str] = []


def register(name: str) -> None:
    """Declare an index; its table is called search_<name>."""
    if name not in _names:
        _names.append(name)


def plain(text: str) -> str:
    """Return text as it is compared: NFKC (half-width letters, digits), lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def pairs(text: str) -> list[str]:
    """Return the overlapping pairs of each run of letters and digits; a run of one sign is itself."""
    return [pair for run in RUN.findall(plain(text)) for pair in _cut(run)]


def _cut(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def put(name: str, rows: Iterable[tuple[int, str]]) -> None:
    """Write or replace the texts of rows, by their ids, within the caller's transaction."""
    rows = list(rows)
    drop(name, [pk for pk, _ in rows])
    sql = f"INSERT INTO {_table(name)} ({_columns()}) VALUES (%s, %s)"  # noqa: S608 - registered names only
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(pk, _document(text)) for pk, text in rows])


def drop(name: str, ids: Sequence[int]) -> None:
    """Forget rows; ids that are not there do no harm."""
    column = _columns().split(",")[0]
    with connection.cursor() as cursor:
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f"DELETE FROM {_table(name)} WHERE {column} IN ({marks})", part)  # noqa: S608 - same


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
    table = _table(name)
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


def _document(text: str) -> str:
    found: list[str] = []
    for run in RUN.findall(plain(text)):
        found += [*_cut(run), GAP]
    if connection.vendor == "sqlite":
        return " ".join(found)
    return " ".join(f"'{pair}':{at}" for at, pair in enumerate(found, start=1) if pair != GAP)


def _table(name: str) -> str:
    if name not in _names:
        message = f"No search index is called {name}."
        raise LookupError(message)
    return f"search_{name}"


def _columns() -> str:
    return "rowid, words" if connection.vendor == "sqlite" else "id, words"


def _statements(name: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        options = "content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0'"
        return [f"CREATE VIRTUAL TABLE IF NOT EXISTS search_{name} USING fts5(words, {options})"]
    return [
        f"CREATE TABLE IF NOT EXISTS search_{name} (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX IF NOT EXISTS search_{name}_words ON search_{name} USING gin (words)",
    ]


def install(using: str = "default", **_signal: Any) -> None:
    """Create the tables that are missing; runs after each migration."""
    with connections[using].cursor() as cursor:
        for name in _names:
            for statement in _statements(name, connections[using].vendor):
                cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Names of the tables that should stand in the database and do not."""
    tables = set(connections[using].introspection.table_names())
    return [f"search_{name}" for name in _names if f"search_{name}" not in tables]

"""The tables of the search indexes: which there are, how both dialects write them, whether they are whole."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, connections
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

RUN = re.compile(r"[^\W_]+")
BATCH = 500
# Stands between runs, so that no phrase goes across: no letter, so in no query, but a word for FTS5.
GAP = "\ue000"
WEIGHTS = "ABCD"  # by which PostgreSQL tells the fields of a tsvector apart; there are no more


@dataclass(frozen=True, slots=True)
class Index:
    """An index by name, its fields, and the table whose rows it covers (empty: not compared)."""

    name: str
    fields: tuple[str, ...]
    source: str = ""

    @property
    def table(self) -> str:
        """The table in the database."""
        return f"search_{self.name}"


_indexes: dict[str, Index] = {}


def register(name: str, fields: Sequence[str] = ("words",), *, source: str = "") -> None:
    """Declare an index; its table is called search_<name>, and has at most four fields."""
    if len(fields) > len(WEIGHTS):
        message = f"The search index {name} has more than {len(WEIGHTS)} fields."
        raise ValueError(message)
    _indexes[name] = Index(name, tuple(fields), source)


def index(name: str) -> Index:
    """Return a declared index; LookupError for another name."""
    if name not in _indexes:
        message = f"No search index is called {name}."
        raise LookupError(message)
    return _indexes[name]


def plain(text: str) -> str:
    """Return text as it is compared: NFKC (half-width letters, digits), lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def pairs(text: str) -> list[str]:
    """Return the overlapping pairs of each run of letters and digits; a run of one sign is itself."""
    return [pair for run in RUN.findall(plain(text)) for pair in cut(run)]


def cut(run: str) -> list[str]:
    """Return the overlapping pairs of one run of plain signs."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def document(text: str) -> list[str]:
    """Return the words under which a text is kept, with gaps between its runs."""
    found: list[str] = []
    for run in RUN.findall(plain(text)):
        found += [*cut(run), GAP]
    return found


def key() -> str:
    """Return the column that holds the id of the row."""
    return "rowid" if connection.vendor == "sqlite" else "id"


def drop(name: str, ids: Sequence[int]) -> None:
    """Forget rows; ids that are not there do no harm."""
    table = index(name).table
    with connection.cursor() as cursor:
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            marks = ", ".join(["%s"] * len(part))
            cursor.execute(f"DELETE FROM {table} WHERE {key()} IN ({marks})", part)  # noqa: S608 - declared


def clear(name: str) -> None:
    """Forget all rows."""
    table = index(name).table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608 - declared
        else:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - same


def newest(name: str) -> int:
    """Return the greatest id of the index, 0 without rows."""
    return _ends(name)[1]


def about(name: str) -> int:
    """Return how many rows the index has at most, from its first and last id: rows are not counted."""
    first, last = _ends(name)
    return last - first + 1 if last else 0


def _ends(name: str) -> tuple[int, int]:
    table = index(name).table
    end = f"(SELECT {key()} FROM {table} ORDER BY {key()} {{}} LIMIT 1)"  # noqa: S608 - declared
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {end.format('ASC')}, {end.format('DESC')}")
        first, last = cursor.fetchone()
    return int(first or 0), int(last or 0)


def _statements(each: Index, vendor: str) -> list[str]:
    table = each.table
    if vendor == "sqlite":
        options = "content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0'"
        return [f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5({', '.join(each.fields)}, {options})"]
    return [
        f"CREATE TABLE IF NOT EXISTS {table} (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        # Without a list of pending entries, which every question would have to read through.
        f"CREATE INDEX IF NOT EXISTS {table}_words ON {table} USING gin (words) WITH (fastupdate = off)",
    ]


def install(using: str = "default", **_signal: Any) -> None:
    """Create the tables that are missing; runs after each migration."""
    with connections[using].cursor() as cursor:
        for each in _indexes.values():
            for statement in _statements(each, connections[using].vendor):
                cursor.execute(statement)


def missing(using: str = "default") -> list[str]:
    """Names of the tables that should stand in the database and do not."""
    tables = set(connections[using].introspection.table_names())
    return [each.table for each in _indexes.values() if each.table not in tables]


def behind() -> list[str]:
    """Names of the tables whose newest row is older than that of the table which they cover."""
    return [each.table for each in _indexes.values() if each.source and _newest_of(each) > newest(each.name)]


def _newest_of(each: Index) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {each.source}")  # noqa: S608 - declared
        return int(cursor.fetchone()[0] or 0)


def keep(rows: QuerySet[Any], ids: Iterable[int]) -> QuerySet[Any]:
    """Keep the rows with these ids, which travel as one parameter however many they are."""
    sql, given = rows_of(ids)
    return rows.filter(pk__in=RawSQL(sql, [given]))  # noqa: S611 - our own sentence


def rows_of(ids: Iterable[int]) -> tuple[str, Any]:
    """Return SQL that gives ids as rows of one column, and its one parameter, however many they are."""
    found = list(ids)
    if connection.vendor == "sqlite":
        return "SELECT value FROM json_each(%s)", "[" + ",".join(map(str, found)) + "]"
    return "SELECT unnest(%s::bigint[])", found

"""Finding texts by the words of a question, newest first, at a price that does not grow with the table.

Texts are kept as names are, in pairs, so that every word of two signs is found wherever it stands; the query
is cut into words by a dictionary (`words`). A word in more than a tenth of the rows is common. An index that
has to follow common words only would read all of it: then the newest rows that the caller would list are
looked through instead, and the answer says so. With one word that is not common the index starts from that,
and all is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from zhitong.core.search.tables import (
    GAP,
    WEIGHTS,
    Index,
    about,
    cut,
    document,
    drop,
    index,
    key,
    rows_of,
)
from zhitong.core.search.words import cut as cut_query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

CANDIDATES = 2_000  # newest rows that are looked through for common words
TENTH = 10
# In a very large table a word is common long before a tenth: more hits than this are not carried about.
MOST = 20_000
# Words of a row that are kept; PostgreSQL does not tell positions beyond 16,383 apart.
KEPT = 16_000


@dataclass(frozen=True, slots=True)
class Found:
    """The rows that have each of the words, newest first, and how they were looked for.

    `common` are those of the words that are common, `short` those that were left out. `among` is None where
    everything was searched; otherwise only so many of the newest rows were looked through.
    """

    ids: Sequence[int] = ()
    words: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    common: tuple[str, ...] = ()
    among: int | None = None


def put(name: str, rows: Iterable[tuple[int, Mapping[str, str]]]) -> None:
    """Write or replace the texts of rows by their fields, within the caller's transaction."""
    rows, of = list(rows), index(name)
    drop(name, [pk for pk, _ in rows])
    kept = _columns_of if connection.vendor == "sqlite" else _vector_of
    columns = of.fields if connection.vendor == "sqlite" else ("words",)
    marks = ", ".join(["%s"] * (1 + len(columns)))
    sql = f"INSERT INTO {of.table} ({key()}, {', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - declared
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(pk, *kept(of, texts)) for pk, texts in rows])


def _words_of(of: Index, texts: Mapping[str, str]) -> list[tuple[int, list[str]]]:
    """Return for each field its place and its words, cut where a row has too many."""
    found, room = [], KEPT
    for place, field in enumerate(of.fields):
        words = document(texts.get(field, ""))[:room]
        found.append((place, words))
        room -= len(words)
    return found


def _columns_of(of: Index, texts: Mapping[str, str]) -> list[str]:
    return [" ".join(words) for _, words in _words_of(of, texts)]


def _vector_of(of: Index, texts: Mapping[str, str]) -> list[str]:
    placed = [(word, WEIGHTS[place]) for place, words in _words_of(of, texts) for word in words]
    return [" ".join(f"'{word}':{at}{w}" for at, (word, w) in enumerate(placed, start=1) if word != GAP)]


def find(
    name: str, query: str, *, among: Callable[[int], list[int]], fields: Sequence[str] | None = None
) -> Found:
    """Return the rows in whose fields (all, unless named) each word of the query stands, newest first.

    `among` is asked only where all words are common: it returns the ids of at most so many rows as it is
    told, the newest that the caller would list.
    """
    of, asked = index(name), cut_query(query)
    if not asked.words:
        return Found(short=asked.short)
    wanted = [_match(of, word, fields) for word in asked.words]
    bound = min(about(name) // TENTH, MOST)
    counts = _counts(of, wanted, bound + 1)
    common = tuple(word for word, count in zip(asked.words, counts, strict=True) if count > bound)
    whole = _all(wanted)
    if len(common) < len(asked.words):
        return Found(_hits(of, whole), asked.words, asked.short, common)
    looked = among(CANDIDATES)
    limit = CANDIDATES if len(looked) >= CANDIDATES else None
    return Found(_hits_among(of, whole, looked), asked.words, asked.short, common, limit)


def _match(of: Index, word: str, fields: Sequence[str] | None) -> str:
    """Return the condition that a word, two signs or more, stands in one of the fields."""
    chosen = tuple(field for field in of.fields if fields is None or field in fields)
    if connection.vendor == "sqlite":
        phrase = f'"{" ".join(cut(word))}"'
        return phrase if chosen == of.fields else f"{{{' '.join(chosen)}}} : {phrase}"
    weights = "".join(WEIGHTS[of.fields.index(field)] for field in chosen) if chosen != of.fields else ""
    mark = f":{weights}" if weights else ""
    return "(" + " <-> ".join(f"'{pair}'{mark}" for pair in cut(word)) + ")"


def _all(wanted: list[str]) -> str:
    return (" AND " if connection.vendor == "sqlite" else " & ").join(wanted)


def _fits(of: Index) -> str:
    return f"{of.table} MATCH %s" if connection.vendor == "sqlite" else "words @@ %s::tsquery"


def _counts(of: Index, wanted: list[str], most: int) -> list[int]:
    """Count the rows of each word, up to so many, in one question."""
    one = f"(SELECT count(*) FROM (SELECT 1 FROM {of.table} WHERE {_fits(of)} LIMIT %s) AS hits)"  # noqa: S608 - declared
    with connection.cursor() as cursor:
        parts = [part for match in wanted for part in (match, most)]
        cursor.execute("SELECT " + ", ".join([one] * len(wanted)), parts)
        return list(cursor.fetchone())


def _hits(of: Index, match: str) -> list[int]:
    sql = f"SELECT {key()} FROM {of.table} WHERE {_fits(of)} ORDER BY 1 DESC"  # noqa: S608 - declared
    with connection.cursor() as cursor:
        cursor.execute(sql, [match])
        return [pk for (pk,) in cursor.fetchall()]


def _hits_among(of: Index, match: str, ids: list[int]) -> list[int]:
    """Return those of the ids whose rows fit; SQLite walks once through their stretch of the index.

    Asked for each row by itself, as its planner would, FTS5 would begin anew two thousand times.
    """
    if not ids:
        return []
    rows, given = rows_of(ids)
    parts = [match, given]
    where = f"id IN ({rows})"
    if connection.vendor == "sqlite":
        where = f"+rowid IN ({rows}) AND rowid BETWEEN %s AND %s"
        parts += [min(ids), max(ids)]
    sql = f"SELECT {key()} FROM {of.table} WHERE {_fits(of)} AND {where} ORDER BY 1 DESC"  # noqa: S608 - declared
    with connection.cursor() as cursor:
        cursor.execute(sql, parts)
        return [pk for (pk,) in cursor.fetchall()]

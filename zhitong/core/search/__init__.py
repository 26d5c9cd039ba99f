"""Finding Chinese text on both databases: names by any two signs, texts by the words of a question.

SQLite keeps an index in an FTS5 table, PostgreSQL in a tsvector under a GIN index. The tables stand beside
Django's as triggers do: installed after every migration, checked at every start.
"""

from __future__ import annotations

from zhitong.core.search.names import LONGEST, MANY, find, put
from zhitong.core.search.tables import (
    BATCH,
    GAP,
    RUN,
    behind,
    clear,
    drop,
    install,
    keep,
    missing,
    pairs,
    plain,
    register,
)

__all__ = [
    "BATCH",
    "GAP",
    "LONGEST",
    "MANY",
    "RUN",
    "behind",
    "clear",
    "drop",
    "find",
    "install",
    "keep",
    "missing",
    "pairs",
    "plain",
    "put",
    "register",
]

"""Puts a safe SQLite under Django: older ones may corrupt a WAL database with several processes."""

from __future__ import annotations

import sys

MINIMUM = (3, 51, 3)  # the WAL-reset corruption was fixed in 3.51.3 of 2026-03-13

PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
)


def use_bundled() -> None:
    """Make `import sqlite3` give the bundled SQLite to everything imported after this call."""
    import pysqlite3  # noqa: PLC0415 - must run before Django imports sqlite3
    from pysqlite3 import dbapi2  # noqa: PLC0415 - same

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2


def version() -> tuple[int, ...]:
    """Return the version of the SQLite that Django would use."""
    import sqlite3  # noqa: PLC0415 - the swapped module

    return tuple(int(part) for part in sqlite3.sqlite_version.split("."))

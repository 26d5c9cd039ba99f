"""Databases of a test run: one migrated template, and cheap copies of it.

Append-only triggers forbid the flush by which Django usually cleans up after committing tests, so each such test gets
a copy of its own that is thrown away.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from tests.support import session

TEMPLATE = "zhitong_template"
SIDE_FILES = ("", "-wal", "-shm", "-journal")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that all processes of the run share."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class SqliteStore:
    """Databases as files in the run's folder."""

    def name(self, short: str) -> str:
        """Return what Django's NAME is for a database of this store."""
        return str(session.root() / f"{short}.sqlite3")

    def url(self, short: str) -> str:
        """Return the address for ZHITONG_DATABASE_URL."""
        return f"sqlite:///{self.name(short)}"

    def create_empty(self, short: str) -> None:
        """Begin a database without tables; SQLite does so on the first connection."""

    def copy(self, short: str) -> None:
        """Copy the template, which no connection has open."""
        shutil.copyfile(self.name(TEMPLATE), self.name(short))

    def drop(self, short: str) -> None:
        """Remove a database."""
        for suffix in SIDE_FILES:
            Path(self.name(short) + suffix).unlink(missing_ok=True)


class PostgresStore:
    """Databases on the run's private server."""

    def name(self, short: str) -> str:
        """Return what Django's NAME is for a database of this store."""
        return short

    def url(self, short: str) -> str:
        """Return the address for ZHITONG_DATABASE_URL."""
        return os.environ["ZHITONG_DATABASE_URL"].rsplit("/", 1)[0] + "/" + short

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            server.execute(statement)

    def create_empty(self, short: str) -> None:
        """Begin a database without tables."""
        self._execute(f'CREATE DATABASE "{short}" TEMPLATE template0')

    def copy(self, short: str) -> None:
        """Copy the template; one process at a time, since it must have no other user."""
        with locked(session.root() / "copy.lock"):
            self._execute(f'CREATE DATABASE "{short}" TEMPLATE "{TEMPLATE}"')

    def drop(self, short: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(f'DROP DATABASE IF EXISTS "{short}" WITH (FORCE)')


class Databases:
    """The databases of one test process."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.store = PostgresStore() if session.on_postgres() else SqliteStore()
        self.copies = 0

    def point(self, short: str) -> None:
        """Let Django's connection, here and in new threads, use this database."""
        connections.close_all()
        connection.settings_dict["NAME"] = self.store.name(short)
        connections.settings["default"]["NAME"] = self.store.name(short)

    def ensure_template(self) -> None:
        """Migrate the template once per run, whichever process comes first."""
        ready = session.root() / "template.ready"
        with locked(session.root() / "template.lock"):
            if ready.exists():
                return
            self.store.create_empty(TEMPLATE)
            self.point(TEMPLATE)
            call_command("migrate", verbosity=0, interactive=False)
            connections.close_all()
            ready.touch()

    def copy(self) -> str:
        """Make a fresh copy of the template and return its short name."""
        self.copies += 1
        short = f"copy_{self.worker}_{self.copies}"
        self.store.copy(short)
        return short

"""Reasons not to start, each a clear sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from zhitong.core import search, triggers

if TYPE_CHECKING:
    from collections.abc import Iterator


def reasons_not_to_start() -> list[str]:
    """List every reason; an empty list means the system may serve."""
    reasons = [*_secrets(), *_sqlite()]
    try:
        reasons += _migrations()
    except OperationalError as error:
        reasons.append(
            f"The database cannot be reached ({error}). Check ZHITONG_DATABASE_URL and ZHITONG_HOME."
        )
    return reasons


def _secrets() -> Iterator[str]:
    if settings.DEMO:
        return
    for name, value in (
        ("ZHITONG_SECRET_KEY", settings.SECRET_KEY),
        ("ZHITONG_AUDIT_KEY", settings.AUDIT_KEY),
        ("ZHITONG_DATA_KEY", settings.DATA_KEYS[0]),
    ):
        if len(value) < settings.MINIMUM_SECRET:
            yield (
                f"{name} is missing or shorter than {settings.MINIMUM_SECRET} characters. "
                "Set it to a long random text."
            )
    if settings.DEBUG:
        yield "ZHITONG_DEBUG is on outside the demo. Turn it off."


def _sqlite() -> Iterator[str]:
    if connection.vendor != "sqlite":
        return
    from zhitong.core.sqlite_version import MINIMUM, version  # noqa: PLC0415 - only where SQLite is used

    if version() < MINIMUM:
        yield (
            f"SQLite {'.'.join(map(str, version()))} can corrupt the database with several processes. "
            f"Install pysqlite3 with SQLite {'.'.join(map(str, MINIMUM))} or newer."
        )


def _migrations() -> Iterator[str]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "The database is not up to date. Run `zhitong migrate` first."
        return
    for name in triggers.missing():
        yield (
            f"The database trigger {name} is missing. "
            "Run `zhitong migrate` to put it back, then `zhitong verify-audit`."
        )
    for name in search.missing():
        yield f"The search table {name} is missing. Run `zhitong migrate`, then `zhitong reindex`."
        return
    for name in search.behind():
        yield f"The search table {name} lacks the newest rows. Run `zhitong reindex`."

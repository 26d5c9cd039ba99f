"""Database triggers that Django does not know: installed after every migration, checked at every start.

Django drops hand-made triggers without a word when it rebuilds a SQLite table, so each migrate run puts
them back and `missing()` tells what a start must refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger on one table, in both dialects (a PostgreSQL entry may hold several statements)."""

    name: str
    table: str
    sqlite: str
    postgres: str


_registry: dict[str, Trigger] = {}


def append_only(table: str) -> None:
    """Forbid changing and deleting rows of `table`."""
    for verb in ("update", "delete"):
        name = f"{table}_no_{verb}"
        sentence = f"{table} is append-only"
        _registry[name] = Trigger(
            name,
            table,
            f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END",
            f"CREATE TRIGGER {name} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION zhitong_append_only()",
        )
    truncate = f"{table}_no_truncate"
    _registry[truncate] = Trigger(
        truncate,
        table,
        "",  # SQLite has no TRUNCATE
        f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION zhitong_append_only()",
    )


POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION zhitong_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514'; END $$
"""


def expected(vendor: str) -> Iterator[Trigger]:
    """The triggers this database kind must have."""
    for trigger in _registry.values():
        if vendor == "postgresql" or trigger.sqlite:
            yield trigger


def missing(using: str = "default") -> list[str]:
    """Names of the triggers that should stand in the database and do not (or differ, on SQLite)."""
    connection = connections[using]
    present = _present(connection)
    return [
        trigger.name
        for trigger in expected(connection.vendor)
        if trigger.name not in present
        or (connection.vendor == "sqlite" and present[trigger.name] != trigger.sqlite)
    ]


def _present(connection: Any) -> dict[str, str]:
    queries = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(queries[connection.vendor])
        return dict(cursor.fetchall())


def install(using: str = "default", **_signal: Any) -> None:
    """Put back every missing trigger whose table exists; runs after each migration."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    absent = set(missing(using))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for trigger in expected(connection.vendor):
            if trigger.table in tables and trigger.name in absent:
                # The older or foreign trigger of that name goes first.
                on = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")
                cursor.execute(trigger.postgres if connection.vendor == "postgresql" else trigger.sqlite)

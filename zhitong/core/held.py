"""Questions that PostgreSQL keeps ready: planned once for a connection, not once a question.

For small questions PostgreSQL spends more on the plan than on the answer. Only such are held whose plan does
not depend on their values (a row by its key, what hangs on a row): a plan without values would be a worse one
for conditions of sight (ADR 51). SQLite needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from collections.abc import Sequence


def holds() -> bool:
    """Whether questions are held now: on PostgreSQL, without a pooler, and while nobody counts them."""
    connection = connections[DEFAULT_DB_ALIAS]
    listening = connection.queries_logged or connection.execute_wrappers
    return connection.vendor == "postgresql" and settings.DATABASE_HOLDS and not listening


def rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a question; on its connection it is planned only once."""
    connection = connections[DEFAULT_DB_ALIAS]
    if not holds():
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())
    from psycopg import Cursor  # noqa: PLC0415 - installed where PostgreSQL is used

    connection.validate_no_broken_transaction()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors, Cursor(connection.connection) as cursor:
        cursor.execute(sql, params, prepare=True)
        return cursor.fetchall()

from __future__ import annotations

import pickle
from typing import Any

import pytest

# The office as it was built first in this process, and every row that it consists of.
_kept: dict[str, Any] = {}


@pytest.fixture
def quick_passwords(settings) -> None:
    """Hash passwords without the cost that protects real ones."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def office(db, quick_passwords):
    """The small office in a database that is rolled back; built once, afterwards copied row by row."""
    from tests.support import office as offices

    if not _kept:
        built = offices.build()
        _kept.update(office=pickle.dumps(built), rows=_rows())
        return built
    _insert(_kept["rows"])
    return pickle.loads(_kept["office"])  # noqa: S301 - our own, from a moment ago


def _rows() -> dict[str, tuple[int, list[tuple]]]:
    from django.apps import apps
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model.__module__.startswith("zhitong."):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT * FROM {table}")
                found[table] = (len(cursor.description), cursor.fetchall())
    return found


def _insert(rows: dict[str, tuple[int, list[tuple]]]) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for table, (width, values) in rows.items():
            if values:
                cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * width)})", values)

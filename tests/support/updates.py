"""Conditional updates that hold on PostgreSQL: their conditions stand on the updated table, not behind a join.

Django writes an update whose filter joins another table as UPDATE ... WHERE id IN (SELECT ...). PostgreSQL does not
look at that subquery again after it has waited for somebody else's lock: both of two workers would take the row.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db.models.sql.compiler import SQLUpdateCompiler

from tests.support import source

OURS = str(source.ROOT / "zhitong")


class JoinedUpdateError(AssertionError):
    """An update finds its rows through a join."""


def _caller() -> str:
    """The place in the project that runs the update; empty for a library's own, and for migrations."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(OURS):
            return "" if "/migrations/" in name else f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def _set_up(compiler: SQLUpdateCompiler) -> Any:
    compiler.query.get_initial_alias()
    if compiler.query.count_active_tables() > 1 and (place := _caller()):
        raise JoinedUpdateError(f"an update finds its rows through a join: {place}")
    return _real(compiler)


_real = SQLUpdateCompiler.pre_sql_setup


def install() -> None:
    """Let every update of the process be looked at."""
    SQLUpdateCompiler.pre_sql_setup = _set_up

"""Whoever has a case open says so now and then: one statement, no event, nothing of it stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

from zhitong.cases.models import Presence
from zhitong.cases.queries import HERE as GONE

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

WRITTEN = timedelta(seconds=30)  # not more often for one person and case

SQL = """
INSERT INTO {table} (user_id, case_id, since, seen_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (user_id, case_id) DO UPDATE SET
    since = CASE WHEN {table}.seen_at < %s THEN excluded.since ELSE {table}.since END,
    seen_at = excluded.seen_at
WHERE {table}.seen_at < %s
"""


def be_here(*, by: Actor, now: datetime, case: Case) -> None:
    """Note that somebody of the office looks at a case; the caller has fetched it in their sight.

    One conditional statement. Looking is nothing that anybody does to a case: it leaves no audit event.
    """
    table = connection.ops.quote_name(Presence._meta.db_table)  # noqa: SLF001 - Django's public name
    moment, gone, written = (
        connection.ops.adapt_datetimefield_value(row) for row in (now, now - GONE, now - WRITTEN)
    )
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(table=table), [by.user, case.pk, moment, moment, gone, written])


def prune_presence(*, now: datetime) -> int:
    """Forget who was here and is gone."""
    deleted, _ = Presence.objects.filter(seen_at__lt=now - GONE).delete()
    return deleted

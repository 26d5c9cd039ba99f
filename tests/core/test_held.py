"""A question that is held says what it says otherwise, and is planned once for a connection."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from zhitong.core import held
from zhitong.core.prepared import prepared
from zhitong.orgs.models import Department

pytestmark = pytest.mark.django_db
TABLE = Department._meta.db_table
ASKED = f"SELECT id, name FROM {TABLE} WHERE tier = %s AND name LIKE 'held%%' ORDER BY id"
KEPT = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


def kept(part: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [f"%{part}%"])
        return int(cursor.fetchone()[0])


@pytest.fixture
def units() -> list[Department]:
    """Two units of this test."""
    rows = [
        Department(name=f"held {n}", tier="county", local_code=f"held{n}", path=f"/9{n}/") for n in (1, 2)
    ]
    return Department.objects.bulk_create(rows)


@pytest.mark.parametrize("holds", [True, False])
def test_rows_are_those_of_the_database(settings, units, holds: bool) -> None:
    settings.DATABASE_HOLDS = holds
    assert held.rows(ASKED, ["county"]) == [(unit.pk, unit.name) for unit in units]
    assert held.rows(ASKED, ["city"]) == []
    one = prepared(lambda pk: Department.objects.filter(pk=pk).select_related("parent"))
    assert [row.name for row in one(units[0].pk)] == ["held 1"]
    assert one(units[0].pk)[0].parent is None
    assert one(0) == []


def test_questions_that_are_counted_are_asked_as_all_others(units) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert not held.holds()
        held.rows(ASKED, ["county"])
    assert len(asked) == 1


def test_postgresql_plans_it_once(settings, units) -> None:
    if connection.vendor != "postgresql":
        assert not held.holds()
        return
    assert held.holds()
    for tier in ("county", "city", "county"):
        held.rows(ASKED, [tier])
    assert kept("name LIKE 'held") == 1
    everybody = prepared(lambda name, user: Department.objects.filter(name=name) if user else None)
    everybody("held 1", None or object())
    assert kept('"orgs_department"."name" =') == 0, "what knows who asks is planned for its values"
    settings.DATABASE_HOLDS = False
    assert not held.holds()


def test_errors_are_djangos(units) -> None:
    if connection.vendor != "postgresql":
        return
    with pytest.raises(DataError), transaction.atomic():
        held.rows("SELECT 1 / %s", [0])
    with transaction.atomic():
        connection.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            held.rows(ASKED, ["county"])
        connection.set_rollback(False)
    assert len(held.rows(ASKED, ["county"])) == len(units)

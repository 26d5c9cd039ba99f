"""A prepared query asks what the query asks that it was made of, whatever its values."""

from __future__ import annotations

import inspect
import warnings
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhitong.cases.models import Case
from zhitong.core import prepared as module
from zhitong.core.actor import ANONYMOUS, Actor, Side
from zhitong.core.prepared import prepared
from zhitong.orgs.models import Department

pytest_plugins = ["tests.access.fixtures"]

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "int": st.integers(0, 2**31 - 1),
    "str": st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
    "date": st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    "datetime": st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),
    "Side": st.sampled_from(Side),
}
OF_PROJECT = [query for query in module.known if query.build.__module__.startswith("zhitong.")]


def _drawn(data: st.DataObject, kind: str, actors: list[Any]) -> Any:
    if kind == "Actor":
        return data.draw(st.sampled_from(actors))
    if kind.startswith("tuple["):
        inner = VALUES[kind.removeprefix("tuple[").partition(",")[0]]
        return tuple(data.draw(st.lists(inner, max_size=4, unique=True)))
    return data.draw(VALUES[kind])


def _asked(rows: Any) -> tuple[str, tuple[Any, ...]] | None:
    try:
        return rows.query.get_compiler(using=DEFAULT_DB_ALIAS).as_sql()
    except EmptyResultSet:
        return None


def test_the_project_has_prepared_queries() -> None:
    assert len(OF_PROJECT) > 15


@pytest.mark.parametrize("query", OF_PROJECT, ids=lambda query: f"{query.__module__}.{query.__qualname__}")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_asks_what_the_query_asks(query: Any, data: st.DataObject, world) -> None:
    kinds = [str(one.annotation) for one in inspect.signature(query.build).parameters.values()]
    values = [_drawn(data, kind, [world.actor(key) for key in world.users]) for kind in kinds]
    fresh = query.build(*values)
    with CaptureQueriesContext(connection) as asked:
        rows = query(*values)
    assert rows == list(fresh)
    plan = query.plan_of(*values)
    if plan is not None:
        assert plan.bound(values) == _asked(fresh)
        assert len(asked) == 1
    elif _asked(fresh) is not None:
        pytest.fail("this query is not prepared")


def test_rows_come_as_the_query_has_them(world) -> None:
    case = next(iter(world.cases.values()))
    row = prepared(
        lambda pk: (
            Case.objects.filter(pk=pk)
            .select_related("enterprise", "lead")
            .only("number", "enterprise", "lead")
        )
    )
    found = row.first(case.pk)
    assert found == case
    assert found.get_deferred_fields() >= {"text"}
    with CaptureQueriesContext(connection) as asked:
        assert row.first(case.pk).enterprise == case.enterprise
        assert row.first(0) is None
    assert len(asked) == 2, "the firm comes with its row"


@pytest.mark.django_db
def test_a_value_that_is_changed_is_noticed_and_answered() -> None:
    soon = prepared(lambda now: Case.objects.filter(due_at__lt=now + timedelta(days=7)))
    now = datetime(2026, 1, 5, tzinfo=UTC)
    with pytest.warns(UserWarning, match="is not prepared"):
        assert soon(now) == []
    assert soon.plan_of(now) is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        soon(now)  # said once


@pytest.mark.django_db
def test_numbers_that_no_row_can_have_find_none() -> None:
    one = prepared(lambda pk: Department.objects.filter(pk=pk))
    assert one(1) == []
    assert one(2**63) == []
    assert one(-(2**70)) == []


@pytest.mark.django_db
def test_forms_are_kept_apart_and_are_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    some = prepared(lambda keys, active: Department.objects.filter(pk__in=keys, active=active))
    for length in range(1, 8):
        assert some(tuple(range(length)), True) == []
        assert some.plan_of(tuple(range(length)), True).sql.count("%s") >= length
    assert len(some._plans) <= 3


@pytest.mark.django_db
def test_the_actor_of_a_request_is_kept_without_its_request() -> None:
    mine = prepared(lambda actor, pk: Department.objects.filter(pk=pk, name=actor.label))
    request = [ANONYMOUS]
    assert mine(SimpleLazyObject(lambda: request[0]), 1) == []
    ((_vendor, actor, _number),) = mine._plans
    assert type(actor) is Actor
    assert mine.plan_of(ANONYMOUS, 2) is mine.plan_of(SimpleLazyObject(lambda: request[0]), 3)

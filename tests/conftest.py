from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace

import django
import pytest
from hypothesis import HealthCheck, settings

from tests.support import needs, session

# Django reads its settings once, so this comes before anything that might ask for them.
session.prepare()

pytest_plugins = ["tests.support.browser"]

settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", deadline=None, max_examples=2000, print_blob=True, database=None)
settings.load_profile("long" if os.environ.get("ZHITONG_LONG") else "ci")

DATABASE_FIXTURES = frozenset({"db", "committed_db", "django_db_setup"})
REQUIRED = needs.required()


def pytest_configure() -> None:
    django.setup()


def _touches_database(item: pytest.Item) -> bool:
    return bool(
        item.get_closest_marker("django_db")
        or item.get_closest_marker("postgres")
        or DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        flushes = marker is not None and marker.kwargs.get("transaction")
        if flushes or {"transactional_db", "live_server"}.intersection(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(
                f"{item.nodeid} would flush append-only tables: ask for committed_db instead."
            )
    if not os.environ.get("ZHITONG_LONG"):
        _deselect(config, items, [item for item in items if item.get_closest_marker("exhaustive")])
    if session.on_postgres():
        # The second run, on the other database, repeats only what a database can change.
        _deselect(config, items, [item for item in items if not _touches_database(item)])
        if not os.environ.get("ZHITONG_LONG"):
            _deselect(config, items, [item for item in items if item.get_closest_marker("once")])


def _deselect(config: pytest.Config, items: list[pytest.Item], unwanted: list[pytest.Item]) -> None:
    config.hook.pytest_deselected(items=unwanted)
    items[:] = [item for item in items if item not in set(unwanted)]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in needs.NEEDS:
        if item.get_closest_marker(marker) is None:
            continue
        why = needs.missing(marker)
        if why and marker in REQUIRED:
            pytest.fail(why, pytrace=False)
        if why:
            pytest.skip(why)


def pytest_report_header() -> str:
    found = {name: need.find() for name, need in needs.NEEDS.items()}
    database = "postgresql" if session.on_postgres() else "sqlite"
    return f"database: {database}; " + ", ".join(
        f"{name}: {path or 'absent'}" for name, path in found.items()
    )


@pytest.fixture
def effort() -> int:
    """How many times more a long test may do: 1 in the normal run, 20 in `make check-long`."""
    return 20 if os.environ.get("ZHITONG_LONG") else 1


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Each test has a database of its own, whose cases no process knows yet."""
    from zhitong.cases import alike
    from zhitong.insight import finding

    alike.remembered.forget()
    finding.remembered.forget()


@pytest.fixture(scope="session", autouse=True)
def strict_templates_and_updates(django_test_environment) -> None:
    """Undefined template variables are errors in this process, and so are updates behind joins."""
    from tests.support import strict, updates

    strict.install()
    updates.install()


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker) -> Iterator[object]:
    """Replace pytest-django's: the worker's own copy of a template that the whole run migrates once."""
    from tests.support.databases import Databases

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    databases = Databases(worker)
    with django_db_blocker.unblock():
        databases.ensure_template()
        databases.store.copy(worker)
        databases.point(worker)
    yield databases
    with django_db_blocker.unblock():
        databases.point(worker)
        databases.store.drop(worker)


@pytest.fixture
def committed_db(
    request: pytest.FixtureRequest,
    django_db_setup,
    django_db_blocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[SimpleNamespace]:
    """A database of one's own in which commits are real, for threads and other processes to see.

    `url` is what another process needs in ZHITONG_DATABASE_URL, which is set so already.
    """
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("committed_db and db are two databases: ask for one of them.", pytrace=False)
    databases = django_db_setup
    with django_db_blocker.unblock():
        short = databases.copy()
        databases.point(short)
        url = databases.store.url(short)
        monkeypatch.setenv("ZHITONG_DATABASE_URL", url)
        try:
            yield SimpleNamespace(url=url, name=databases.store.name(short))
        finally:
            databases.point(databases.worker)
            databases.store.drop(short)

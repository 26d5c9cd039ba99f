"""The built world as fixtures; test modules take them in with `pytest_plugins`.

The world is built once per test process, in a database of its own; each test sees it inside a transaction that is
rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test.utils import override_settings

# Hashing is slow by design, and none of these tests is about it.
QUICK = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory) -> dict[str, object]:
    """Settings of these tests: quick passwords, and files apart from those of other processes."""
    return {**QUICK, "MEDIA_ROOT": tmp_path_factory.mktemp("uploads")}


@pytest.fixture(scope="session")
def built(django_db_setup, django_db_blocker, surroundings) -> Iterator[tuple[str, object]]:
    """The name of the world's database, and what is in it."""
    from tests.access import doors, world

    databases = django_db_setup
    with django_db_blocker.unblock():
        short = databases.copy()
        databases.point(short)
        with (
            override_settings(**surroundings),
            time_machine.travel(world.NOW, tick=False),
            transaction.atomic(),
        ):
            made = world.build()
            made.doors = doors.Doors(made)
        databases.point(databases.worker)
        yield short, made
        databases.store.drop(short)


@pytest.fixture
def world(built, surroundings, django_db_setup, django_db_blocker) -> Iterator[object]:
    """The world, at its own moment; what the test changes is rolled back."""
    from tests.access import world as worlds

    short, made = built
    databases = django_db_setup
    with django_db_blocker.unblock():
        databases.point(short)
        try:
            cache.clear()
            with (
                override_settings(**surroundings),
                time_machine.travel(worlds.NOW, tick=False),
                transaction.atomic(),
            ):
                yield made
                transaction.set_rollback(True)
        finally:
            databases.point(databases.worker)

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

# The people are imported late: Django is not set up yet when this file is read.


@pytest.fixture(autouse=True)
def surroundings(db, settings) -> None:
    """Passwords that cost nothing, and no memory of earlier tests' requests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


@pytest.fixture(autouse=True)
def at():
    """A clock that the test moves: `at.shift(seconds)`."""
    from tests.orgs.signin import people

    with time_machine.travel(people.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def firm(db):
    from tests.orgs.signin import people

    return people.person("firm", phone=people.PHONE)


@pytest.fixture
def officer(db):
    from tests.orgs.signin import people
    from zhitong.orgs.signin import demo

    user = people.person("officer", officer=True, phone="13900139000")
    demo.enrol_totp(user, people.SECRET)
    return user


@pytest.fixture
def newcomer(db):
    """An officer whose second factor is not set up yet."""
    from tests.orgs.signin import people

    return people.person("newcomer", officer=True)


@pytest.fixture
def other() -> Client:
    """Another browser."""
    return Client()

from __future__ import annotations

import pytest


@pytest.fixture
def quick_passwords(settings) -> None:
    """Hash passwords without the cost that protects real ones."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def office(db, quick_passwords):
    """The small office in a database that is rolled back."""
    from tests.support import office as offices

    return offices.build()

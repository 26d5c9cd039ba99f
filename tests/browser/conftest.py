from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

# Server and helpers are imported late: Django is not set up yet when this file is read.
if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.town import Town
    from tests.support.browser import Site


class Place(NamedTuple):
    """A running town: its server, its rows, and a session cookie for each of its people."""

    site: Site
    town: Town
    cookies: dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def place(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Place]:
    """One town for all tests of this process (see town.py); with every way to sign in switched on."""
    from django.test import override_settings

    from tests.support.browser import serve

    home = tmp_path_factory.mktemp("town")
    (home / "static").mkdir()
    databases = django_db_setup
    with django_db_blocker.unblock():
        short = databases.copy()
        databases.point(short)
        try:
            with override_settings(MEDIA_ROOT=home / "uploads"):
                town, cookies = _town()
        finally:
            databases.point(databases.worker)
    env = os.environ | {
        "ZHITONG_DATABASE_URL": databases.store.url(short),
        "ZHITONG_HOME": str(home),
        "ZHITONG_OIDC_NAME": "示例统一身份认证",
        "ZHITONG_OIDC_SERVER": "https://127.0.0.1:1",
        "ZHITONG_OIDC_CLIENT_ID": "zhitong",
        "ZHITONG_WEIXIN_APP_ID": "wx0",
    }
    for site in serve(env, home / "server.log"):
        yield Place(site, town, cookies)
    databases.store.drop(short)


@pytest.fixture
def visit(place: Place, open_page) -> Callable[..., Page]:
    """Open a page of the town for somebody, signed in: `visit("handler", "/desk/", width=390)`."""

    def open_for(who: str, path: str, *, width: int = 1440, **more: Any) -> Page:
        page = open_page(place.site.url, width=width, **more)
        page.context.add_cookies([{**place.cookies[who], "url": place.site.url}])
        page.goto(path)
        return page

    return open_for


def _town() -> tuple[Town, dict[str, dict[str, str]]]:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    from tests.browser import sessions, town
    from zhitong.core import clock

    built = town.build(clock.now())
    for name, user in built.people.items():
        if user.needs_second_factor and name != "newcomer":
            sessions.enrol(user)
    RecoveryCodes.activate(built.people["coder"])
    return built, {name: sessions.cookie(user) for name, user in built.people.items()}

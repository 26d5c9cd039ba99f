"""Signing people in: by a session of their own making, or through the forms as they do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from tests.support.office import PASSWORD
from zhitong.core import clock
from zhitong.orgs.signin import second_factor

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from zhitong.orgs.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
METHODS, METHODS_USER = "account_authentication_methods", "account_authentication_methods_user"
BACKEND = "zhitong.orgs.signin.backends.SignInBackend"


def enrol(user: User) -> None:
    """Give an officer an authenticator app whose secret the tests know."""
    second_factor.enrol(user, SECRET)


def cookie(user: User, *, whole: bool = True) -> dict[str, str]:
    """Make a session and return its cookie (without `url`); not `whole`: the second factor was not given."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # As one who signed in a moment ago, however long the tests take: sensitive pages ask nobody again.
    session[METHODS_USER] = str(user.pk)
    session[METHODS] = [{"method": "password", "at": clock.now().timestamp() + 3600}]
    if whole:
        second_factor.vouch(session, user)
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key}


def sign_in(page: Page, user: Any) -> None:
    """Sign in through the forms, with the second factor where one is asked for; ends on the person's first page."""
    page.goto("/")
    page.locator("[name=login]").fill(user.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form.form button").click()
    if user.needs_second_factor:
        page.wait_for_url("**/second-factor/**")
        page.locator("[name=code]").fill(second_factor.code_at(SECRET, second_factor.step_at(clock.now())))
        page.locator("form.form button").click()
    page.wait_for_url("**/desk/" if user.needs_second_factor else "**/my/")

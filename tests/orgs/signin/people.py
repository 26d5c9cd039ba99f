"""Two people who sign in, and the steps of signing in as a browser takes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from zhitong.core import clock
from zhitong.core.models import AuditEvent
from zhitong.orgs.models import User
from zhitong.orgs.signin import second_factor

# A moment in the middle of a period of the second factor.
NOW = datetime(2026, 6, 5, 1, 0, 15, tzinfo=UTC)
PERIOD = timedelta(seconds=30)
PASSWORD = "a long test password"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PHONE = "13800138000"


def person(username: str, *, officer: bool = False, password: str | None = PASSWORD, **more: Any) -> User:
    user = User(
        username=username, name=f"示例{username}", created_at=NOW, needs_second_factor=officer, **more
    )
    user.set_password(password)
    user.save()
    return user


def enter(client: Client, login: str, password: str = PASSWORD, **more: Any) -> Any:
    """Send the sign-in form."""
    return client.post(reverse("account_login"), {"login": login, "password": password}, **more)


def code(steps: int = 0) -> str:
    """What the officer's app shows, now or some periods away."""
    return second_factor.code_at(SECRET, second_factor.step_at(clock.now()) + steps)


def give(client: Client, typed: str) -> Any:
    """Send a code of the second factor."""
    return client.post(reverse("mfa_authenticate"), {"code": typed})


def sign_in(client: Client, user: User) -> None:
    """Sign somebody in, with a second factor if they need one."""
    response = enter(client, user.username)
    if user.needs_second_factor:
        assert response.url == reverse("mfa_authenticate")
        response = give(client, code())
    assert response.url == reverse("home"), response.content.decode()


def signed_in_as(client: Client) -> str | None:
    """The id of the user of the client's session."""
    return client.session.get("_auth_user_id")


def seen(response: Any) -> str:
    """A page without what differs at each showing."""
    text = response.content.decode()
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action).order_by("id"))

"""Asking for a page as one of the people, without disturbing the next who asks."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.client import ClientHandler
from django.urls import reverse

from tests.access import inputs
from tests.access.people import ACCOUNTS, PEOPLE, Person
from tests.access.table import Cell
from tests.access.world import NOW, PASSWORD, SECRET
from zhitong.orgs.signin import demo, second_factor

RECORDS, RECORDS_USER = "account_authentication_methods", "account_authentication_methods_user"
BACKEND = "zhitong.orgs.signin.backends.SignInBackend"
WRITE = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
NEXT = re.compile(r'rel="next" href="(\?[^"]*)"')
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Answer:
    """A response read to its end."""

    status: int
    location: str
    headers: dict[str, str]
    text: str
    response: Any

    @property
    def everything(self) -> str:
        """Headers and body, where a token could be."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.headers.items()), self.text])


class Doors:
    """A signed-in session for each person, made once; and clients that use them."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.handlers = {checks: ClientHandler(enforce_csrf_checks=checks) for checks in (False, True)}
        self.cookies: dict[str, dict[str, str]] = {"anonymous:none": {}}
        for person in ACCOUNTS:
            self.cookies[person.key] = {settings.SESSION_COOKIE_NAME: self._sign_in(person)}
        code, half = Client(), Client()
        phone = world.users["firm_member:own"].phone
        code.post(reverse("account_request_login_code"), {"phone": phone})
        self.cookies["anonymous:code"] = {name: morsel.value for name, morsel in code.cookies.items()}
        half.post(reverse("account_login"), {"login": "handler_own", "password": PASSWORD})
        self.cookies["anonymous:half"] = {name: morsel.value for name, morsel in half.cookies.items()}
        assert set(self.cookies) == set(PEOPLE)

    def _sign_in(self, person: Person) -> str:
        user = self.world.users[person.key]
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = BACKEND
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        # As if signed in a moment ago, so that sensitive pages do not ask again.
        session[RECORDS] = [{"method": "password", "at": NOW.timestamp()}]
        session[RECORDS_USER] = str(user.pk)
        if user.needs_second_factor:
            demo.enrol_totp(user, SECRET)
            if person.relation != "unproven":
                second_factor.vouch(session, user)
        session.save()
        return str(session.session_key)

    def client(self, key: str, *, csrf: bool = False) -> Client:
        """A browser of this person; with `csrf` it needs tokens as real ones do."""
        client = Client(enforce_csrf_checks=csrf)
        client.handler = self.handlers[csrf]
        for name, value in self.cookies[key].items():
            client.cookies[name] = value
        return client

    def ask(self, key: str, method: str, path: str, data: Any = None, **more: Any) -> Answer:
        """One request of one person, read to its end."""
        client = self.client(key, csrf=more.pop("csrf", False))
        return read(getattr(client, method.lower())(path, data, **more))


class Written:
    """The tables that requests wrote to, while it is installed around the statements of a connection."""

    def __init__(self) -> None:
        self.tables: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITE.match(sql)
        if found:
            self.tables.append(found.group(1))
        return execute(sql, params, many, context)


def ask(world: Any, cell: Cell, **more: Any) -> Answer:
    """Send the request of a cell of the table, with everything that its form would carry."""
    data = inputs.valid(world, cell.row) if cell.method == "POST" else None
    return world.doors.ask(cell.person, cell.method, cell.row.path(world), data, **more)


def pages_after(world: Any, cell: Cell, answer: Answer) -> str:
    """Everything of the pages that follow an answer, where it is a list of several pages."""
    found: list[str] = []
    seen: set[str] = set()
    while cell.method == "GET" and (onward := NEXT.search(answer.text)) and onward[1] not in seen:
        seen.add(onward[1])
        path = cell.row.path(world).partition("?")[0] + html.unescape(onward[1])
        answer = world.doors.ask(cell.person, "GET", path)
        found.append(answer.everything)
    return "\n".join(found)


@contextmanager
def untouched() -> Iterator[Written]:
    """Take back whatever the request changed; yields the names of the tables that it wrote to."""
    cache.clear()
    mark = transaction.savepoint()
    written = Written()
    try:
        with connection.execute_wrapper(written):
            yield written
    finally:
        transaction.savepoint_rollback(mark)


def read(response: Any) -> Answer:
    """Read a response; a workbook as the text in it."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    text = _unzipped(content) if kind == XLSX else content.decode(errors="replace")
    return Answer(
        response.status_code,
        response.headers.get("Location", ""),
        dict(response.headers),
        text,
        response,
    )


def _unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())


def outcome(answer: Answer) -> str:
    """What happened, in the words of the table."""
    if answer.status == 302:
        path = urlsplit(answer.location)
        if path.path == reverse("account_login") and "next=" in path.query:
            return "sign_in"
        return "again" if path.path == reverse("account_reauthenticate") else "done"
    names = {200: "page", 401: "no_key", 403: "forbidden", 404: "missing", 405: "no_method", 409: "faster"}
    names[422] = "refused"
    return names.get(answer.status, str(answer.status))

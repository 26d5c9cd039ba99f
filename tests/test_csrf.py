"""Nothing changes without the token that only our own pages know."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.access import inputs, table
from tests.access.doors import read, untouched
from tests.access.forms import walk
from zhitong.config.api import api

pytest_plugins = ["tests.access.fixtures"]

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Seen before the token is asked for: an officer's session without its second factor ends in any case.
NOTED = ("core_audit", "django_session")


def rows() -> list[table.Row]:
    """One row for each address."""
    return list({row.name: row for row in table.rows()}.values())


def senders(row: table.Row) -> list[str]:
    """Somebody who may do it, somebody who may not, a visitor."""
    able = [*row.people("POST", "done"), *row.people("POST", "page"), "handler:own"]
    return [able[0], "firm_member:other", "anonymous:none"]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.name)
def test_nothing_unsafe_happens_without_a_token(world, row: table.Row) -> None:
    found = []
    for person in dict.fromkeys(senders(row)):
        for method in UNSAFE:
            data = inputs.valid(world, row) if method == "POST" else "x=1"
            with untouched() as written:
                answer = world.doors.ask(person, method, row.path(world), data, csrf=True)
            # A program's key stands in a header that no other site can send; a session opens nothing there.
            if answer.status not in ({401, 403, 405} if row.name.startswith("api:") else {403}):
                found.append(f"{method} {row.name} as {person}: {answer.status} {answer.location}")
            found += [
                f"{method} {row.name} wrote {name}" for name in written.tables if not name.startswith(NOTED)
            ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("token", ["", "x" * 64, "\x00", "字" * 32])
def test_a_wrong_token_is_no_token(world, token: str) -> None:
    sent = {**inputs.INPUTS["cases:supplement"], "csrfmiddlewaretoken": token}
    with untouched():
        answer = world.doors.ask("firm_member:own", "POST", reverse("portal:notices"), sent, csrf=True)
    assert answer.status == 403


def test_the_token_of_somebody_else_is_no_token(world) -> None:
    mine = next(found for found in walk(world) if found.form.name == "portal:notices")
    token = mine.form.fields["csrfmiddlewaretoken"][0]
    with untouched():
        answer = world.doors.ask(
            "firm_admin:own", "POST", reverse("portal:notices"), {"csrfmiddlewaretoken": token}, csrf=True
        )
    assert answer.status == 403


def test_every_form_that_changes_something_carries_the_token_and_is_heard_with_it(world) -> None:
    for found in walk(world):
        if found.form.method == "GET":
            assert "csrfmiddlewaretoken" not in found.form.fields, f"{found} shows the token in its address"
            continue
        assert found.form.fields.get("csrfmiddlewaretoken"), found
    with untouched():
        client = world.doors.client("firm_member:own", csrf=True)
        page = read(client.get(reverse("portal:notices")))
        assert page.status == 200
        token = client.cookies["csrftoken"].value
        answer = read(client.post(reverse("portal:notices"), {"csrfmiddlewaretoken": token}))
    assert answer.status == 302


def test_no_view_is_exempt_but_those_for_programs() -> None:
    from django.urls import URLPattern, get_resolver

    waiting, exempt = list(get_resolver().url_patterns), []
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, URLPattern):
            exempt += [str(entry.name)] if getattr(entry.callback, "csrf_exempt", False) else []
        else:
            waiting += entry.url_patterns
    by_key = {entry.name for entry in api.urls[0] if getattr(entry.callback, "csrf_exempt", False)}
    # A gateway signs its reports; without the signature the address answers 403 to everybody.
    assert set(exempt) == by_key | {"report"}

"""What every answer says about itself: what it may load, who may frame it, whether it may be kept."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from tests.access import inputs, table
from tests.access.doors import Answer, ask, read, untouched
from tests.access.people import PEOPLE
from zhitong.core import styles

pytest_plugins = ["tests.access.fixtures"]

FILES = frozenset({"download", "thumbnail"})
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE)


def policy(answer: Answer) -> dict[str, list[str]]:
    """The content policy as directive -> sources."""
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def complaints(answer: Answer, *, known: bool, file: bool = False) -> list[str]:
    """What is wrong with the headers of an answer; `known`: the asking person is signed in."""
    found, headers = [], answer.headers
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found += [
        f"{name} is {headers.get(name)}" for name, value in expected.items() if headers.get(name) != value
    ]
    if "camera=(self)" not in headers.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    found += _policy_complaints(answer, file=file)
    kept = headers.get("Cache-Control", "")
    if known and not file and "no-store" not in kept:
        found.append(f"may be kept: {kept or 'no Cache-Control'}")
    if file and "private" not in kept and answer.status == 200:
        found.append(f"a file may be kept by others: {kept}")
    if "html" in headers.get("Content-Type", "") and INLINE.search(without_sheets(answer.text)):
        found.append(f"has something inline: {INLINE.search(without_sheets(answer.text))}")
    return found


def without_sheets(page: str) -> str:
    """A page without the portal's own sheets, which the policy allows by their hash."""
    sheets = styles.bundle()
    return page.replace(f'<style data-css="{sheets.name}">{sheets.text}</style>', "")


def _policy_complaints(answer: Answer, *, file: bool) -> list[str]:
    if "Content-Security-Policy" not in answer.headers:
        return ["no Content-Security-Policy"]
    found, rules = [], policy(answer)
    for name, sources in rules.items():
        found += [
            f"{name} allows {source}" for source in sources if "unsafe" in source or source in {"*", "https:"}
        ]
    if file and answer.status == 200:
        return found if rules == {"default-src": ["'none'"], "sandbox": []} else [*found, f"policy {rules}"]
    wanted = {
        "default-src": "'self'", "script-src": "'self'", "style-src": "'self'", "object-src": "'none'",
        "base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'",
    }  # fmt: skip
    hashed = {"style-src": [styles.bundle().source]}
    return found + [
        f"{name} is {rules.get(name)}"
        for name, source in wanted.items()
        if rules.get(name) != [source, *hashed.get(name, [])]
    ]


@pytest.mark.parametrize("row", table.rows(), ids=lambda row: row.key)
def test_every_answer_carries_its_headers(world, row: table.Row) -> None:
    found = []
    for cell in row.sample():
        with untouched():
            answer = ask(world, cell)
        known = PEOPLE[cell.person].signed_in and cell.row.name != "account_logout"
        wrong = complaints(answer, known=known, file=row.name in FILES)
        found += [f"{cell.method} {row.key} as {cell.person}: {what}" for what in wrong]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("person", ["anonymous:none", "firm_member:own", "handler:own"])
def test_pages_of_things_gone_wrong_carry_them_too(world, person: str, monkeypatch) -> None:
    from zhitong.config import views

    with untouched():
        lost = world.doors.ask(person, "GET", "/no/such/page/")
        forged = world.doors.ask(person, "POST", reverse("set_language"), {"language": "en"}, csrf=True)
        client = world.doors.client(person)
        client.raise_request_exception = False
        monkeypatch.setattr(views, "connection", None)
        broken = read(client.get(reverse("health")))
    assert (lost.status, forged.status, broken.status) == (404, 403, 500)
    known = PEOPLE[person].signed_in
    assert not [what for answer in (lost, forged, broken) for what in complaints(answer, known=known)]


def cookies_of(answer: Answer) -> dict[str, Any]:
    return dict(answer.response.cookies.items())


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(world) -> None:
    with untouched():
        client = world.doors.client("anonymous:none")
        page = read(client.get(reverse("account_login")))
        data = inputs.INPUTS["account_login"]
        entered = read(client.post(reverse("account_login"), data))
    found = cookies_of(page) | cookies_of(entered)
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= found.keys()
    for name, morsel in found.items():
        assert morsel["httponly"], name
        assert morsel["samesite"] == "Lax", name
        assert morsel["path"] == "/", name
        assert not morsel["domain"], name


@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_cookies_travel_encrypted_where_the_site_does(world) -> None:
    with untouched():
        client = world.doors.client("anonymous:none")
        read(client.get(reverse("account_login"), secure=True))
        read(client.post(reverse("account_login"), inputs.INPUTS["account_login"], secure=True))
        found = dict(client.cookies.items())
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME} <= found.keys()
    assert all(morsel["secure"] for morsel in found.values())


def test_settings_of_an_encrypted_site() -> None:
    """What only a restart with ZHITONG_HTTPS changes, asked of a process of its own."""
    import json
    import os
    import subprocess
    import sys

    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME"]
    names += ["SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "LANGUAGE_COOKIE_SECURE"]
    code = f"import json; from django.conf import settings; print(json.dumps([getattr(settings, n) for n in {names}]))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"ZHITONG_HTTPS": "1", "DJANGO_SETTINGS_MODULE": "zhitong.config.settings"},
        capture_output=True, text=True, check=True, cwd=settings.BASE_DIR,
    )  # fmt: skip
    found = dict(zip(names, json.loads(done.stdout), strict=True))
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000


# ---------------------------------------------------------------- planted faults

GOOD = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self)",
    "Cache-Control": "no-store",
    "Content-Type": "text/html",
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; object-src 'none'; "
    f"style-src 'self' {styles.bundle().source}; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
}


@pytest.mark.parametrize(
    ("headers", "text", "says"),
    [
        ({"X-Frame-Options": "SAMEORIGIN"}, "", "X-Frame-Options is SAMEORIGIN"),
        ({"Cache-Control": "private"}, "", "may be kept"),
        ({"Content-Security-Policy": "script-src 'unsafe-inline'"}, "", "allows 'unsafe-inline'"),
        ({}, "<script>x()</script>", "inline"),
        ({}, '<p onclick="x">', "inline"),
        ({}, '<p style="x">', "inline"),
        ({}, '<style data-css="x">p {}</style>', "inline"),
        ({}, '<a href="javascript:x">', "inline"),
    ],
)
def test_planted_faults_are_found(headers: dict[str, str], text: str, says: str) -> None:
    good = Answer(200, "", dict(GOOD), "<script src='x'></script>", None)
    assert not complaints(good, known=True)
    bad = Answer(200, "", GOOD | headers, text, None)
    assert any(says in what for what in complaints(bad, known=True))

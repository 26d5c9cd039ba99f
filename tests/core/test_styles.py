"""The portal's sheets stand in a first page, allowed by their hash, and beside it once the browser has them."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.office import Office
from zhitong.core import styles

pytestmark = pytest.mark.django_db
INLINE = re.compile(r'<style data-css="(\w+)">(.*?)</style>', re.DOTALL)


def page(cookie: str = "") -> tuple[str, str]:
    """The sign-in page and its policy, as a browser with or without the cookie gets them."""
    client = Client()
    if cookie:
        client.cookies[styles.COOKIE] = cookie
    answer = client.get(reverse("account_login"))
    return answer.content.decode(), answer.headers["Content-Security-Policy"]


def test_a_first_page_brings_its_sheets_and_the_policy_allows_just_them(office: Office) -> None:
    html, policy = page()
    name, text = INLINE.search(html).groups()
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert name == styles.bundle().name
    assert html.count('rel="prefetch"') == len(styles.SHEETS)


def test_a_browser_that_has_the_files_gets_their_names(office: Office) -> None:
    html, _policy = page(styles.bundle().name)
    assert INLINE.search(html) is None
    assert 'rel="prefetch"' not in html
    assert all(f"/static/{sheet}" in html for sheet in styles.SHEETS)


@pytest.mark.parametrize("cookie", ["older0123456", "x" * 5000, "'\"<"])
def test_a_cookie_of_other_sheets_is_none(office: Office, cookie: str) -> None:
    html, _policy = page(cookie)
    assert INLINE.search(html).group(1) == styles.bundle().name


def test_the_page_has_every_rule_of_the_files(office: Office) -> None:
    text = styles.bundle().text
    assert "/*" not in text
    for rule in (".button--primary", ".portal-tabbar", "--primary:", "@media"):
        assert rule in text


def test_a_missing_sheet_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styles, "SHEETS", ("css/none.css",))
    with pytest.raises(FileNotFoundError, match=r"none\.css"):
        styles.bundle.__wrapped__()

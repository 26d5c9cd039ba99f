from __future__ import annotations

import itertools
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from tests.browser import axe
from tests.browser.looks import BEHIND_A_STEP, NO_PAGES, OUTSIDE_ACCOUNTS, looks, names
from zhitong.core.actor import ANONYMOUS
from zhitong.orgs.signin.urls import outside

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PHONE, DESK = (390, 844), (1440, 900)
PASSWORD = "a long test password"
PEOPLE = sorted({look.who for look in looks()})
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
# Each language at one width, each width in one language; the other two pairs are for the long check.
PAIRS = [
    ("zh", PHONE),
    ("en", DESK),
    pytest.param("zh", DESK, marks=pytest.mark.exhaustive),
    pytest.param("en", PHONE, marks=pytest.mark.exhaustive),
]
in_pairs = pytest.mark.parametrize(("language", "size"), PAIRS, ids=str)
OPEN = "document.querySelectorAll('details').forEach(found => { found.open = true; })"
NUMBERS = itertools.count(1)
# Empties every input of the first form that asks for something, and sends it past the browser's own checks.
SEND_EMPTY = """() => {
    const form = [...document.querySelectorAll("form[method=post]")].find(form => form.querySelector("[required]"));
    form.noValidate = true;
    for (const field of form.elements) {
        if (field.type === "hidden" || field.tagName === "BUTTON") { continue; }
        if (field.type === "radio" || field.type === "checkbox") { field.checked = false; } else { field.value = ""; }
    }
    form.requestSubmit();
}"""


def test_every_address_is_looked_at_or_is_no_page() -> None:
    """Else a new page could go without."""
    covered = {look.page for look in looks()} | BEHIND_A_STEP | set(NO_PAGES)
    assert names() - covered == set()
    assert covered - names() == set(), "these addresses are gone"


def examine(page: Page, where: str, size: tuple[int, int]) -> list[str]:
    """Look at the page as it stands at a size, with everything open that can be opened."""
    page.evaluate(OPEN)
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    found = [f"{where} at {width} px: {fault}" for fault in axe.faults(page)]
    if os.environ.get("ZHITONG_PICTURES"):
        name = "".join(sign if sign.isalnum() else "-" for sign in f"{where}-{width}")
        page.screenshot(path=Path(os.environ["ZHITONG_PICTURES"]) / f"{name}.png", full_page=True)
    return found + _dialogs(page, where)


def _dialogs(page: Page, where: str) -> list[str]:
    found = []
    openers = page.locator("[data-dialog-open]:visible")
    for number in range(openers.count()):
        openers.nth(number).click()
        assert page.locator("dialog[open]").count() == 1
        found += [f"{where}, dialog {number}: {fault}" for fault in axe.faults(page)]
        page.keyboard.press("Escape")
    return found


def examine_refused(page: Page, where: str, size: tuple[int, int]) -> list[str]:
    """Send the page's form empty and look at what comes back."""
    if not page.locator("form[method=post] [required]").count():
        return []
    with page.expect_navigation():
        page.evaluate(SEND_EMPTY)
    said = page.locator(".error-summary, .message--error").count()
    assert said == 1, f"{where}: sent empty, nothing is said about it"
    return examine(page, f"{where} refused", size)


@in_pairs
@pytest.mark.parametrize("who", PEOPLE)
def test_pages_are_accessible(place, open_page, who: str, language: str, size: tuple[int, int]) -> None:
    page = open_page(place.site.url, width=DESK[0], language=LANGUAGES[language])
    axe.prepare(page.context)
    if who in place.cookies:
        page.context.add_cookies([{**place.cookies[who], "url": place.site.url}])
    found = []
    for look in [look for look in looks() if look.who == who]:
        address = look.address(place.town.keys)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        response = page.goto(address)
        if page.url.partition("?")[0] == place.site.url + address != page.url:
            response = page.goto(f"{address}?clear=on")  # filters that somebody kept before
        assert (response.status, page.url) == (200, place.site.url + address), look
        where = f"{who} {language} {look.page} {look.row}"
        found += examine(page, where, size) + examine_refused(page, where, size)
    assert not found, f"{len(found)} faults\n" + "\n".join(found)


def confirm_code(page: Page) -> int:
    page.goto("/sign-in/code/")
    # Each number gets one code a minute, known or not.
    page.locator("[name=phone]").fill(f"1380013{next(NUMBERS):04d}")
    with page.expect_navigation() as shown:
        page.locator("form.form button").click()
    assert page.url.endswith("/code/confirm/")
    return shown.value.status


def second_factor(page: Page) -> int:
    page.goto("/sign-in/")
    page.locator("[name=login]").fill("handler")
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation() as shown:
        page.locator("form.form button").click()
    assert page.url.endswith("/second-factor/")
    return shown.value.status


def wrong_password(page: Page, name: str = "") -> int:
    page.goto("/sign-in/")
    page.locator("[name=login]").fill(name or f"nobody-{next(NUMBERS)}")
    page.locator("[name=password]").fill("not the password")
    with page.expect_navigation() as shown:
        page.locator("form.form button").click()
    return shown.value.status


def locked_out(page: Page) -> int:
    name = f"somebody-{next(NUMBERS)}"
    return next(status for status in iter(lambda: wrong_password(page, name), 0) if status != 200)


def no_token(page: Page) -> int:
    page.goto("/sign-in/")
    page.locator("form.form [name=csrfmiddlewaretoken]").evaluate("found => found.remove()")
    with page.expect_navigation() as shown:
        page.evaluate(
            "() => { const form = document.querySelector('form.form'); form.noValidate = true; form.submit(); }"
        )
    return shown.value.status


def missing(page: Page) -> int:
    return page.goto("/cases/999999/").status


def not_permitted(page: Page) -> int:
    return page.goto("/settings/audit/").status


def too_late(page: Page, case: int) -> int:
    page.goto(f"/cases/{case}/answer/")
    page.locator("[name=version]").evaluate("found => { found.value = 1; }")
    page.locator("[name=text]").fill("已修好。")
    page.locator("[name=outcome]").first.check(force=True)
    with page.expect_navigation() as shown:
        page.locator("form.form button").click()
    return shown.value.status


STEPS = {confirm_code: 200, second_factor: 200, wrong_password: 200, locked_out: 429, no_token: 403}


@in_pairs
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_pages_behind_a_step_are_accessible(
    place, open_page, step, language: str, size: tuple[int, int]
) -> None:
    page = open_page(place.site.url, width=DESK[0], language=LANGUAGES[language], expect=f"{STEPS[step]}")
    axe.prepare(page.context)
    assert step(page) == STEPS[step]
    where = f"{step.__name__} {language}"
    found = examine(page, where, size)
    if step in (confirm_code, second_factor):
        found += examine_refused(page, where, size)
    assert not found, "\n".join(found)


@in_pairs
def test_refusals_are_accessible(place, open_page, language: str, size: tuple[int, int]) -> None:
    page = open_page(
        place.site.url, width=DESK[0], language=LANGUAGES[language], expect="the server responded with"
    )
    axe.prepare(page.context)
    page.context.add_cookies([{**place.cookies["handler"], "url": place.site.url}])
    found = []
    for step, more, status in (
        (missing, (), 404),
        (not_permitted, (), 403),
        (too_late, (place.town.keys["rich"],), 409),
    ):
        assert step(page, *more) == status
        found += examine(page, f"{step.__name__} {language}", size)
    assert not found, "\n".join(found)


UNREACHABLE = ["errors/server_error.html", "account/signup_closed.html"]


@in_pairs
@pytest.mark.parametrize("template", UNREACHABLE)
def test_pages_that_cannot_be_called_up_are_accessible(
    place, open_page, rf, template: str, language: str, size: tuple[int, int]
) -> None:
    """Drawn here and shown at an address of the site, where their style sheets are."""
    request = rf.get("/drawn/")
    request.user, request.actor = AnonymousUser(), ANONYMOUS
    page = open_page(place.site.url, width=DESK[0], language=LANGUAGES[language])
    axe.prepare(page.context)
    with translation.override({"zh": "zh-hans", "en": "en"}[language]):
        html = render_to_string(template, request=request)
    page.route("**/drawn/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    assert page.goto("/drawn/").status == 200
    found = examine(page, f"{template} {language}", size)
    assert not found, "\n".join(found)


# Whom an address without a row of the town is asked for: a row that may be nobody's, a firm of the demo.
GUESSES: list[list[Any]] = [[], [1], ["91350111MA0DEM03X5"], ["ZT-2026-000001", UUID(int=1)]]
ROWS = {
    "download": "file",
    "thumbnail": "file",
    "orgs:end_delegation": "delegation",
    "orgs:remove_day": "local_day",
    "orgs:remove_duty": "duty",
}
# A page that this person may not see, or a program's address without its key, is none either.
CLOSED = (
    "api:",
    "cases:here",
    "commons:",
    "insight:",
    "enterprises:",
    "supervision:",
    "feedback:",
    "replies:",
    "reports:",
    "notices:",
    "webhooks:",
)


def without_row(name: str) -> str:
    for args in GUESSES:
        with suppress(NoReverseMatch):
            return reverse(name, args=args)
    raise AssertionError(f"{name} needs other arguments than these: {GUESSES}")


@pytest.mark.parametrize(
    "name", sorted(set(NO_PAGES) - {pattern.name for pattern in outside([*OUTSIDE_ACCOUNTS])})
)
def test_what_is_called_no_page_is_none(place, visit, name: str) -> None:
    page = visit("firm_a", "/my/")
    row = ROWS.get(name)
    address = reverse(name, args=[place.town.keys[row]]) if row else without_row(name)
    answer = page.request.get(address, max_redirects=0)
    html = answer.headers.get("content-type", "").startswith("text/html")
    allowed = {302, 405} | ({401, 403, 404} if name.startswith(CLOSED) else set())
    assert answer.status in allowed or (answer.status == 200 and not html)

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import axe
from tests.browser.looks import BEHIND_A_STEP, NO_PAGES, looks, names

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PHONE, DESK = (390, 844), (1440, 900)
PEOPLE = sorted({look.who for look in looks()})
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
OPEN = "document.querySelectorAll('details').forEach(found => { found.open = true; })"
# Empties every input of the first form that asks for something, and sends it past the browser's own checks.
SEND_EMPTY = """() => {
    const form = [...document.querySelectorAll("form[method=post]")].find(form => form.querySelector("[required]"));
    if (!form) { return false; }
    form.noValidate = true;
    for (const field of form.elements) {
        if (field.type === "hidden" || field.tagName === "BUTTON") { continue; }
        if (field.type === "radio" || field.type === "checkbox") { field.checked = false; } else { field.value = ""; }
    }
    form.requestSubmit();
    return true;
}"""


def test_every_address_is_looked_at_or_is_no_page() -> None:
    """Else a new page could go without."""
    covered = {look.page for look in looks()} | BEHIND_A_STEP | set(NO_PAGES)
    assert names() - covered == set()
    assert covered - names() == set(), "these addresses are gone"


def examine(page: Page, where: str) -> list[str]:
    """Look at the page as it stands at both widths, with everything open that can be opened."""
    page.evaluate(OPEN)
    found = []
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        found += [f"{where} at {width} px: {fault}" for fault in axe.faults(page)]
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


def examine_refused(page: Page, where: str) -> list[str]:
    """Send the page's form empty and look at what comes back."""
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    with page.expect_navigation() if page.locator("form[method=post] [required]").count() else _nothing():
        if not page.evaluate(SEND_EMPTY):
            return []
    assert page.locator(".error-summary").count() == 1, f"{where}: sent empty, nothing is said about it"
    return examine(page, f"{where} refused")


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", PEOPLE)
def test_pages_are_accessible(place, open_page, who: str, language: str) -> None:
    page = open_page(place.site.url, width=DESK[0], language=LANGUAGES[language])
    axe.prepare(page.context)
    if who in place.cookies:
        page.context.add_cookies([{**place.cookies[who], "url": place.site.url}])
    found = []
    for look in [look for look in looks() if look.who == who]:
        address = look.address(place.town.keys)
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        response = page.goto(address)
        assert (response.status, page.url) == (200, place.site.url + address), look
        where = f"{who} {language} {look.page} {look.row}"
        found += examine(page, where) + examine_refused(page, where)
    assert not found, f"{len(found)} faults\n" + "\n".join(found)

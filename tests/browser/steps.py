"""The steps of a case as people take them on its page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CASE = re.compile(r"/cases/\d+/$")


def fill(form: Locator, fields: dict[str, Any]) -> None:
    """Fill in the named inputs of a form, of whatever kind they are."""
    for name, value in fields.items():
        field = form.locator(f"[name={name}]").first
        if field.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check(force=True)
        elif field.get_attribute("type") == "file":
            field.set_input_files(value)
        elif form.locator(f"select[name={name}]").count():
            field.select_option(str(value))
        else:
            field.fill(str(value))


def send(page: Page, **fields: Any) -> None:
    """Fill the page's form in and send it; the case comes back with a word of success."""
    form = page.locator("form.form")
    fill(form, fields)
    form.locator("button.button--primary").click()
    page.wait_for_url(CASE)
    page.locator(".message--success").wait_for()


def act(page: Page, case: int, action: str, **fields: Any) -> None:
    """Take a step: the one that the case page offers first, or one with a page of its own behind a button."""
    # A click does not wait for its page: looked at too early, the form would be that of the page before.
    page.wait_for_url(f"**/cases/{case}/")
    form = page.locator(f"form.form[action='/cases/{case}/{action}/']")
    if not form.count():
        button = page.locator(f"a.button[href='/cases/{case}/{action}/'], a.button[href='/ratings/{case}/']")
        address = button.first.get_attribute("href")
        button.first.click()
        page.wait_for_url(f"**{address}")
        page.locator("form.form").wait_for()
    send(page, **fields)

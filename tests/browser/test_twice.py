"""What happens when somebody does a thing twice, or two people do it at once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.browser.steps import CASE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WORD = "已请市政公司今天到现场。"


@pytest.fixture
def trouble() -> str:
    """A text that no other case has."""
    return f"厂门口路坏了 {uuid.uuid4().hex}"


def cases(page: Page, trouble: str) -> int:
    """How many cases of the firm have this text."""
    page.goto("/cases/")
    return page.locator(".inbox-row__title", has_text=trouble).count()


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_submits_one_case(visit, trouble: str, script: bool) -> None:
    """Without script the server alone knows the second click, by its key."""
    page = visit("busy", "/cases/new/", width=390, script=script)
    page.locator("[name=text]").fill(trouble)
    page.get_by_role("button", name="提交", exact=True).dblclick()
    page.wait_for_url(CASE)
    assert cases(page, trouble) == 1


@pytest.mark.parametrize("script", [True, False])
def test_back_and_submitting_again_give_one_case(visit, trouble: str, script: bool) -> None:
    page = visit("busy", "/my/", width=390, script=script)
    page.locator("a[href='/cases/new/']").click()
    page.locator("[name=text]").fill(trouble)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(CASE)
    page.go_back()
    page.wait_for_url("**/cases/new/")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_load_state()
    assert cases(page, trouble) == 1


def test_the_slower_of_two_tabs_is_told_who_did_what(visit) -> None:
    quick = visit("dispatcher", "/cases/?state=submitted", expect="409")
    quick.goto(quick.locator(".data-table tbody a", has_text="件事").first.get_attribute("href"))
    slow = quick.context.new_page()
    slow.goto(f"{quick.url}return/")
    slow.locator("[name=reason]").fill(WORD)
    quick.locator("#next-step form.form button").click()
    quick.locator(".message--success").wait_for()
    newest = quick.locator(".timeline__entry").first.locator("time").inner_text()
    with slow.expect_response(lambda response: response.request.method == "POST") as answer:
        slow.locator("form.form button").click()
    assert answer.value.status == 409
    words = slow.locator("main").inner_text()
    assert all(part in words for part in ("受理", "示例dispatcher", newest, WORD))
    slow.locator("a.button--primary").click()
    slow.wait_for_url(quick.url)
    assert slow.locator(".document-head .tag--primary").inner_text() == "已受理"
    assert slow.locator(".timeline__entry").count() == 2

"""What happens when somebody does a thing twice, or two people do it at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.browser import sessions
from tests.browser.steps import CASE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TROUBLE = "厂门口路坏了，货车进不来。"
WORD = "已请市政公司今天到现场。"


@pytest.fixture
def office(committed_db):
    from tests.support import office as offices
    from zhitong.core import clock

    return offices.build(clock.now())


@pytest.fixture
def person(site, office, open_page):
    """Open a page for somebody, signed in."""

    def open_for(name: str, width: int, *, expect: str = "") -> Page:
        user = office.users[name]
        if user.needs_second_factor:
            sessions.enrol(user)
        page = open_page(site.url, width=width, language="zh-CN", expect=expect)
        page.context.add_cookies([{**sessions.cookie(user), "url": site.url}])
        return page

    return open_for


def texts() -> list[str]:
    from zhitong.cases.models import Case

    return list(Case.objects.order_by("id").values_list("text", flat=True))


def test_a_double_click_submits_one_case(person) -> None:
    page = person("firm_a", 390)
    page.goto("/cases/new/")
    page.locator("[name=text]").fill(TROUBLE)
    page.get_by_role("button", name="提交", exact=True).dblclick()
    page.wait_for_url(CASE)
    assert texts() == [TROUBLE]


def test_two_clicks_without_script_submit_one_case(site, office, open_page) -> None:
    """The server knows the second one by its key, whatever the browser lets through."""
    page = open_page(site.url, width=390, script=False)
    page.context.add_cookies([{**sessions.cookie(office.users["firm_a"]), "url": site.url}])
    page.goto("/cases/new/")
    page.locator("[name=text]").fill(TROUBLE)
    page.get_by_role("button", name="提交", exact=True).dblclick()
    page.wait_for_url(CASE)
    assert texts() == [TROUBLE]


def test_back_and_submitting_again_give_one_case(person) -> None:
    page = person("firm_a", 390)
    page.goto("/my/")
    page.locator("a[href='/cases/new/']").click()
    page.locator("[name=text]").fill(TROUBLE)
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(CASE)
    page.go_back()
    page.wait_for_url("**/cases/new/")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_load_state()
    assert texts() == [TROUBLE]


def test_the_slower_of_two_tabs_is_told_who_did_what(person, office) -> None:
    case = office.until("submitted", now=timezone.now())
    quick = person("district", 1440, expect="409")
    slow = quick.context.new_page()
    slow.goto(f"/cases/{case.pk}/return/")
    slow.locator("[name=reason]").fill(WORD)
    quick.goto(f"/cases/{case.pk}/")
    quick.locator("#next-step form.form button").click()
    quick.wait_for_load_state()
    with slow.expect_response(lambda response: response.request.method == "POST") as answer:
        slow.locator("form.form button").click()
    assert answer.value.status == 409
    words = slow.locator("main").inner_text()
    assert all(part in words for part in ("受理", office.users["district"].name, WORD))
    from zhitong.cases.models import Entry

    entry = Entry.objects.filter(case=case).latest("id")
    assert timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M") in words
    slow.locator("a.button--primary").click()
    slow.wait_for_url(f"**/cases/{case.pk}/")
    assert slow.locator(".document-head .tag--primary").inner_text() == "已受理"
    case.refresh_from_db()
    assert (case.state, Entry.objects.filter(case=case).count()) == ("accepted", 2)

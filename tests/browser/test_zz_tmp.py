"""What happens when somebody does a thing twice, or two people do it at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser import sessions

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CASE = re.compile(r"/cases/\d+/$")
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


def cases() -> list[str]:
    from zhitong.cases.models import Case

    return list(Case.objects.order_by("id").values_list("text", flat=True))



@pytest.mark.parametrize("how", ["none", "off"])
@pytest.mark.parametrize("script", [True, False])
def test_back(site, office, open_page, how, script):
    page = open_page(site.url, width=390, script=script)
    if how == "off":
        def handle(route):
            r = route.fetch()
            route.fulfill(response=r, body=r.text().replace('data-draft="submit"', 'data-draft="submit" autocomplete="off"'))
        page.route("**/cases/new/", lambda route: handle(route) if route.request.method == "GET" else route.continue_())
    page.context.add_cookies([{**sessions.cookie(office.users["firm_a"]), "url": site.url}])
    page.goto("/my/")
    page.locator("a[href='/cases/new/']").click()
    page.locator("[name=text]").fill(TROUBLE)
    k1 = page.locator("[name=key]").input_value()
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url(CASE)
    page.go_back()
    page.wait_for_url("**/cases/new/")
    print("AFTER BACK", how, script, repr(page.locator("[name=text]").input_value()), k1 == page.locator("[name=key]").input_value())

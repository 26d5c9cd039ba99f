"""A firm that writes is shown what it said before, on its phone."""

from __future__ import annotations

import pytest

from tests.support.browser import PHONE

pytestmark = pytest.mark.browser

TEXT = "厂区北侧道路破损，货车无法通行，请尽快修复"


def test_a_firm_that_writes_sees_what_it_said_before(place, visit) -> None:
    page = visit("firm_a", "/cases/new/", width=PHONE)
    hint = page.locator("[data-look]")
    page.locator("[name=text]").fill("希望组织一次专场招聘会")
    with page.expect_response("**/cases/alike/") as asked:
        page.locator("[name=text]").press("End")
        page.locator("[name=text]").type("。")
    assert asked.value.status == 200
    assert hint.locator("li").count() == 0
    page.locator("[name=text]").fill(TEXT)
    hint.locator("li").first.wait_for()
    assert 1 <= hint.locator("li a[href^='/cases/']").count() <= 3
    assert hint.locator("li a[href^='/precedents/']").count() <= 2
    assert hint.locator("li").count() == hint.locator("li a").count(), "nothing else is hinted at"
    assert page.locator("[name=text]").input_value() == TEXT, "what was written stays"

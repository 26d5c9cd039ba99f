"""A dispatcher ticks cases in the list and dispatches them at once, with one word and a receipt."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1440])
def test_several_cases_are_dispatched_at_once(place, visit, width: int) -> None:
    page = visit("district", "/cases/?state=accepted", width=width)
    boxes = page.locator("input[name=case]")
    count = boxes.count()
    assert count >= 1
    page.locator("[data-tick-all]").check()
    assert boxes.evaluate_all("all => all.every(box => box.checked)")
    page.locator("button[name=step][value=dispatch]").click()
    page.locator("form.form").wait_for()
    assert page.locator("form.form input[name=case]").count() == count
    page.locator("form.form select[name=lead]").select_option(index=1)
    page.locator("form.form textarea[name=message]").fill("请尽快联系企业。")
    page.locator("form.form button.button--primary").click()
    page.locator(".data-table .tag--success").first.wait_for()
    assert page.locator(".data-table tbody tr").count() == count
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert visit("district", "/cases/?state=accepted", width=width).locator("input[name=case]").count() == 0

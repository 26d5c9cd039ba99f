"""A dispatcher ticks cases in the list and dispatches them at once, with one word and a receipt."""

from __future__ import annotations

import pytest
from django.utils import timezone

pytestmark = pytest.mark.browser
CASES = 2


@pytest.mark.parametrize("width", [390, 1440])
def test_several_cases_are_dispatched_at_once(site, open_page, width: int) -> None:
    """On a site of its own: the town of the other tests needs its accepted cases."""
    from tests.browser import sessions
    from tests.support import office as offices

    now = timezone.now()
    office = offices.build(now)
    for _ in range(CASES):
        office.until("accepted", now=now)
    sessions.enrol(office.users["district"])
    page = open_page(site.url, width=width)
    page.context.add_cookies([{**sessions.cookie(office.users["district"]), "url": site.url}])

    page.goto("/cases/?state=accepted")
    boxes = page.locator("input[name=case]")
    assert boxes.count() == CASES
    page.locator("[data-tick-all]").check()
    assert boxes.evaluate_all("all => all.every(box => box.checked)")
    page.locator("button[name=step][value=dispatch]").click()
    page.locator("form.form").wait_for()
    assert page.locator("form.form input[name=case]").count() == CASES
    page.locator("form.form select[name=lead]").select_option(index=1)
    page.locator("form.form textarea[name=message]").fill("请尽快联系企业。")
    page.locator("form.form button.button--primary").click()
    page.locator(".data-table .tag--success").first.wait_for()
    assert page.locator(".data-table tbody tr").count() == CASES
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.goto("/cases/?state=accepted")
    assert page.locator("input[name=case]").count() == 0

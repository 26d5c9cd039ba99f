from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.browser import sessions, steps, town
from tests.support import office as offices

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TROUBLE, ANSWER = "厂门口路坏了，货车进不来。", "路已修好。"


def enter(site, open_page, office: offices.Office, name: str, width: int) -> Page:
    """Open a page without script for somebody and sign in through the forms."""
    user = office.users[name]
    if user.needs_second_factor:
        sessions.enrol(user)
    page = open_page(site.url, width=width, script=False)
    sessions.sign_in(page, user)
    return page


def test_a_case_goes_its_whole_way_without_script(site, open_page) -> None:
    from zhitong.cases.models import Case
    from zhitong.core.models import Upload

    office = offices.build(timezone.now())
    firm, district, handler, head = (
        enter(site, open_page, office, name, width)
        for name, width in (("firm_a", 390), ("district", 1440), ("handler", 1440), ("head", 1440))
    )
    firm.locator("a[href='/cases/new/']").click()
    photo = {"name": "门口.jpg", "mimeType": "image/jpeg", "buffer": town.photo()}
    steps.send(firm, text=TROUBLE, files=[photo])
    case = Case.objects.get()
    assert (case.text, Upload.objects.get().name) == (TROUBLE, "门口.jpg")

    lead, person = office.units["industry"], office.users["handler"]
    way = [
        (district, "accept", {"kind": "normal"}),
        (district, "dispatch", {"lead": lead.pk, "person": person.pk}),
        (handler, "start", {}),
        (handler, "note", {"text": "看过了。", "visibility": "firm"}),
        (handler, "answer", {"text": ANSWER, "outcome": "solved"}),
        (head, "approve", {}),
        (firm, "rate", {"stars": 5, "comment": "好。"}),
        (district, "close", {"outcome": "solved"}),
    ]
    for page, action, fields in way:
        page.goto("/my/" if page is firm else "/desk/")
        page.locator(f"a[href='/cases/{case.pk}/']").first.click()
        steps.act(page, case.pk, action, **fields)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "solved")
    firm.goto(f"/cases/{case.pk}/")
    assert all(words in firm.locator("main").inner_text() for words in (TROUBLE, ANSWER, "看过了。", "好。"))


@pytest.fixture
def handler(visit) -> Page:
    return visit("handler", "/desk/", script=False)


def test_a_list_is_narrowed_and_exported_without_script(handler) -> None:
    handler.goto("/cases/")
    rows = handler.locator(".data-table tbody tr")
    every = rows.count()
    handler.locator(".filters [name=state]").select_option("handling")
    handler.locator(".filters button").click()
    assert "state=handling" in handler.url
    assert 0 < rows.count() < every
    with handler.expect_download() as download:
        handler.locator("a[href^='/cases/export/']").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    handler.locator(".workbench__search input").fill("nothing-like-it")
    handler.keyboard.press("Enter")
    handler.locator(".empty-state").wait_for()


def test_explanations_open_and_the_language_changes_without_script(place, handler) -> None:
    handler.goto(f"/cases/{place.town.keys['handling']}/")
    explanation = handler.locator(".workbench__rail details.explanation").first
    assert not explanation.locator("p").first.is_visible()
    explanation.locator("summary").click()
    assert explanation.locator("p").first.is_visible()
    handler.get_by_role("button", name="English").click()
    handler.locator("html[lang=en]").wait_for(state="attached")
    assert handler.url.endswith(f"/cases/{place.town.keys['handling']}/")


def test_what_was_wrong_is_said_without_script(place, handler) -> None:
    handler.goto(f"/cases/{place.town.keys['handling']}/answer/")
    # The browser's own checks are no script: a text of blanks passes them.
    handler.locator("[name=text]").fill("   ")
    handler.locator("[name=outcome]").first.check(force=True)
    handler.locator("form.form button").click()
    assert handler.locator(".error-summary a").get_attribute("href") == "#id_answer_text"
    assert handler.locator("[name=outcome]:checked").count() == 1, "what was right is still there"

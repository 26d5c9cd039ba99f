from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.browser import sessions
from tests.browser.steps import CASE
from tests.support import office as offices

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TROUBLE = "厂门口路坏了，货车进不来。"
FAR = 60  # no way through a page by Tab is longer
# What the focused element looks like: whether something is drawn around it (or around the label that stands for a
# hidden input), whether it can be seen, and whether nothing lies over it.
FOCUS = """() => {
    const focused = document.activeElement;
    const faces = [focused, focused.nextElementSibling, focused.parentElement].filter(Boolean);
    const drawn = faces.some(face => {
        const style = getComputedStyle(face);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const label = focused.labels && focused.labels[0];
    const faint = getComputedStyle(focused).opacity === "0" && label;
    const box = (faint ? label : focused).getBoundingClientRect();
    const spots = [[.5, .5], [.1, .5], [.9, .5]].map(([x, y]) =>
        document.elementFromPoint(box.left + box.width * x, box.top + Math.min(box.height, 40) * y));
    const bare = spots.some(spot => spot && (focused.contains(spot) || spot.contains(focused) ||
        (label && label.contains(spot)) || faces.includes(spot)));
    const name = focused.outerHTML.slice(0, 120);
    return {name, drawn, bare, seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight};
}"""


class Keys:
    """A person without a mouse: moves by Tab, and sees at each stop where they are."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tab(self) -> None:
        """One stop on, which shows that it has the focus and does not lie under anything."""
        self.page.keyboard.press("Tab")
        stop = self.page.evaluate(FOCUS)
        assert stop["drawn"], f"no focus to be seen: {stop['name']}"
        assert stop["seen"] and stop["bare"], f"out of sight: {stop['name']}"  # noqa: PT018

    def to(self, selector: str) -> None:
        """Go on by Tab until the wanted element has the focus."""
        for _ in range(FAR):
            if self.at(selector):
                return
            self.tab()
        pytest.fail(f"{selector} is not reached by Tab")

    def at(self, selector: str) -> bool:
        return self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, words: str) -> None:
        """Choose an option of the focused list with the arrow keys."""
        chosen = "document.activeElement.selectedOptions[0].label"
        for _ in range(FAR):
            if words in self.page.evaluate(chosen):
                return
            self.press("ArrowDown")
        pytest.fail(f"{words} is not in the list")


@pytest.fixture
def office(committed_db):
    return offices.build(timezone.now())


@pytest.fixture
def keys(site, office, open_page):
    """Open a page for somebody, signed in."""

    def open_for(name: str, width: int, path: str) -> Keys:
        user = office.users[name]
        if user.needs_second_factor:
            sessions.enrol(user)
        page = open_page(site.url, width=width)
        page.context.add_cookies([{**sessions.cookie(user), "url": site.url}])
        page.goto(path)
        return Keys(page)

    return open_for


@pytest.mark.parametrize("width", [390, 1440])
def test_a_case_is_submitted_by_keyboard(keys, office, width: int) -> None:
    from zhitong.cases.models import Case

    person = keys("firm_a", width, "/my/")
    person.to("a[href='/cases/new/']")
    person.press("Enter")
    person.page.wait_for_url("**/cases/new/")
    person.to("[name=text]")
    person.page.keyboard.type(TROUBLE)
    person.to("[name=files]")
    person.to("form.form button:not([type=button])")
    person.press("Enter")
    person.page.wait_for_url(CASE)
    assert Case.objects.get().text == TROUBLE


def test_a_case_is_accepted_and_dispatched_by_keyboard(keys, office) -> None:
    case = office.until("submitted", now=timezone.now())
    person = keys("district", 1440, "/desk/")
    person.press("j")
    assert person.at(f"a[href='/cases/{case.pk}/']")
    person.press("Enter")
    person.page.wait_for_url(CASE)
    person.to("[name=kind]")
    person.press("ArrowDown")
    assert person.at("[name=kind][value=complex]:checked")
    person.to("form[action$='/accept/'] button")
    person.press("Space")
    person.page.locator("form[action$='/dispatch/']").wait_for()
    person.to("[name=lead]")
    person.choose("示例市工信局")
    person.to("[name=person]")
    person.choose("示例handler")
    person.to("form[action$='/dispatch/'] button")
    person.press("Enter")
    person.page.locator(".message--success").wait_for()
    case.refresh_from_db()
    assert (case.kind, case.state, case.person_id) == ("complex", "dispatched", office.users["handler"].pk)


@pytest.mark.parametrize(("name", "path"), [("firm_a", "/my/"), ("district", "/desk/")])
def test_the_skip_link_is_first_and_leads_to_the_content(keys, office, name: str, path: str) -> None:
    office.until("submitted", now=timezone.now())
    person = keys(name, 1440, path)
    person.tab()
    assert person.at(".skip-link")
    person.press("Enter")
    assert person.at("main")
    person.tab()
    assert person.page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("path", ["/my/", "/cases/", "/cases/new/", "/my/messages/", "/my/me/", "/cases/1/"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_stop_of_the_firms_pages_is_seen(place, open_page, path: str, width: int) -> None:
    _walk(place, open_page, "firm_a", path, width)


@pytest.mark.parametrize("path", ["/desk/", "/cases/", "/cases/1/", "/settings/", "/settings/calendar/"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_stop_of_the_offices_pages_is_seen(place, open_page, path: str, width: int) -> None:
    _walk(place, open_page, "district", path, width)


def _walk(place, open_page, who: str, path: str, width: int) -> None:
    page = open_page(place.site.url, width=width)
    page.context.add_cookies([{**place.cookies[who], "url": place.site.url}])
    page.goto(path)
    person = Keys(page)
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stop = page.evaluate(FOCUS)
        assert stop["drawn"], f"no focus to be seen: {stop['name']}"
        assert stop["seen"] and stop["bare"], f"out of sight: {stop['name']}"  # noqa: PT018
    assert person.page.url.endswith(path)


def test_slash_goes_to_the_search_field_and_stays_a_sign_in_it(keys, office) -> None:
    person = keys("district", 1440, "/desk/")
    person.press("/")
    assert person.at("input[type=search]")
    person.press("/", "j")
    assert person.page.locator("input[type=search]").input_value() == "/j"


@pytest.mark.parametrize("where", ["desk", "case"])
def test_j_and_k_move_through_the_inbox(keys, office, where: str) -> None:
    cases = [office.until("submitted", now=timezone.now()).pk for _ in range(3)]
    person = keys("district", 1440, "/desk/" if where == "desk" else f"/cases/{cases[0]}/")
    rows = person.page.locator("[data-inbox] a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    assert rows == [f"/cases/{case}/" for case in cases]
    # On a case the walk begins at the row of that case.
    begin = 0 if where == "desk" else 1
    for step, row in (("j", begin), ("j", begin + 1), ("k", begin), ("k", max(begin - 1, 0)), ("k", 0)):
        person.press(step)
        assert person.at(f"[data-inbox] a[href='{rows[row]}']"), (step, row)
    for _ in range(4):
        person.press("j")
    assert person.at(f"[data-inbox] a[href='{rows[-1]}']")

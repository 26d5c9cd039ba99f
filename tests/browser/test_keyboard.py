from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser import axe
from tests.browser.steps import CASE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TROUBLE = "厂门口路坏了，货车进不来。"
FAR = 60  # no way through a page by Tab is longer
# What the focused element looks like: whether something is drawn around it (or around the label that stands for a
# hidden input), whether it can be seen, and whether nothing lies over it.
FOCUS = """() => {
    const focused = document.activeElement;
    if (focused === document.body) { return null; }
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
        """One stop on, which shows that it has the focus and lies under nothing; after the last one the page itself."""
        self.page.wait_for_load_state()  # a form is there before the stylesheet is: nothing is drawn around a link yet
        self.page.keyboard.press("Tab")
        stop = self.page.evaluate(FOCUS)
        if not stop:
            return
        assert stop["drawn"], f"no focus to be seen: {stop['name']}"
        assert stop["seen"] and stop["bare"], f"out of sight: {stop['name']}"  # noqa: PT018 - one sentence for both

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


@pytest.mark.parametrize("width", [390, 1440])
def test_a_case_is_submitted_by_keyboard(visit, width: int) -> None:
    page = visit("busy", "/my/", width=width)
    person = Keys(page)
    person.to("a[href='/cases/new/']")
    person.press("Enter")
    page.wait_for_url("**/cases/new/")
    person.to("[name=text]")
    page.keyboard.type(TROUBLE)
    person.to("[name=files]")
    person.to("form.form button:not([type=button])")
    person.press("Enter")
    page.wait_for_url(CASE)
    assert TROUBLE in page.locator(".case-text").inner_text()


def test_a_case_is_accepted_and_dispatched_by_keyboard(visit) -> None:
    page = visit("dispatcher", "/cases/?state=submitted")
    page.goto(page.locator(".data-table tbody a", has_text="件事").last.get_attribute("href"))
    person = Keys(page)
    person.to("[name=kind]")
    person.press("ArrowDown")
    assert person.at("[name=kind][value=complex]:checked")
    person.to("form[action$='/accept/'] button")
    person.press("Space")
    page.locator("form[action$='/dispatch/']").wait_for()
    person.to("[name=lead]")
    person.choose("示例市工信局")
    person.to("[name=person]")
    person.choose("示例handler")
    person.to("form[action$='/dispatch/'] button")
    person.press("Enter")
    page.locator(".document-head .tag--primary", has_text="已派单").wait_for()
    assert page.locator("dt:text-is('经办人') + dd").inner_text() == "示例handler"


@pytest.mark.parametrize(("who", "path"), [("firm_a", "/my/"), ("district", "/desk/")])
def test_the_skip_link_is_first_and_leads_to_the_content(visit, who: str, path: str) -> None:
    person = Keys(visit(who, path))
    person.tab()
    assert person.at(".skip-link")
    person.press("Enter")
    assert person.at("main")
    person.tab()
    assert person.page.evaluate("document.querySelector('main').contains(document.activeElement)")


FIRMS = "/my/ /cases/ /cases/new/ /my/messages/ /my/me/ /cases/{rich}/ /ratings/{reviewed}/"
OFFICES = "/desk/ /cases/ /cases/{submitted}/ /cases/{accepted}/dispatch/ /settings/ /settings/calendar/"
STOPS = [
    *(("firm_a", path) for path in FIRMS.split()),
    *(("district", path) for path in OFFICES.split()),
    ("visitor", "/sign-in/"),
]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize(("who", "path"), STOPS)
def test_every_stop_is_seen(place, visit, open_page, who: str, path: str, width: int) -> None:
    address = path.format(**place.town.keys)
    if who == "visitor":
        page = open_page(place.site.url, width=width)
        page.goto(address)
    else:
        page = visit(who, address, width=width)
    person, before = Keys(page), page.url
    for _ in range(FAR):
        person.tab()
        if page.evaluate("document.activeElement === document.body"):
            break
    assert page.url == before, "Tab moves on the page, not away from it"


def test_slash_goes_to_the_search_field_and_stays_a_sign_in_it(visit) -> None:
    person = Keys(visit("district", "/desk/"))
    person.press("/")
    assert person.at("input[type=search]")
    person.press("/", "j")
    assert person.page.locator("input[type=search]").input_value() == "/j"


@pytest.mark.parametrize("where", ["desk", "case"])
def test_j_and_k_move_through_the_inbox(visit, where: str) -> None:
    page = visit("dispatcher", "/desk/")
    links = page.locator("[data-inbox] a")
    # On a case the walk begins at the row of that case.
    begin = {"desk": 0, "case": 1}[where]
    if where == "case":
        links.first.click()
        page.wait_for_url(CASE)
    rows = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(rows) >= 3
    person = Keys(page)
    for step, row in (("j", begin), ("j", begin + 1), ("k", begin), ("k", max(begin - 1, 0)), ("k", 0)):
        person.press(step)
        assert person.at(f"[data-inbox] a[href='{rows[row]}']"), (step, row)
    for _ in rows:
        person.press("j")
    assert person.at(f"[data-inbox] a[href='{rows[-1]}']")
    person.press("Enter")
    page.wait_for_url(f"**{rows[-1]}")


def test_rows_of_a_list_are_ticked_and_opened(visit) -> None:
    page = visit("district", "/cases/?state=submitted")
    links = page.locator(".data-table tbody a").evaluate_all("all => all.map(link => link.pathname)")
    assert len(links) >= 2
    person = Keys(page)
    person.press("j", "j", "x")
    assert page.locator(".data-table input:checked").count() == 1
    assert page.locator(".data-table tbody tr:nth-child(2) input").is_checked()
    person.press("k", "x")
    assert page.locator(".data-table input:checked").count() == 2
    assert person.at(f".data-table a[href='{links[0]}']")
    person.press("o")
    page.wait_for_url(f"**{links[0]}")
    person.press("a")
    assert page.evaluate("document.querySelector('#next-step').contains(document.activeElement)")


def test_slash_prefers_the_field_of_the_list(visit) -> None:
    person = Keys(visit("district", "/cases/"))
    person.press("/")
    assert person.at("main .filters [name=q]")


@pytest.mark.parametrize(
    ("keys", "url"), [("gh", "/desk/"), ("gc", "/cases/"), ("gd", "/drafts/"), ("n", "/drafts/paste/")]
)
def test_ways_have_keys(visit, keys: str, url: str) -> None:
    page = visit("district", "/desk/messages/")
    Keys(page).press(*keys)
    page.wait_for_url(f"**{url}**")


def test_a_way_that_a_person_does_not_have_has_no_key(visit) -> None:
    page = visit("leader", "/desk/")
    assert page.locator("[data-go=d]").count() == 0
    Keys(page).press("g", "d", "n")
    page.wait_for_timeout(50)
    assert page.url.endswith("/desk/")


@pytest.mark.parametrize(("language", "next_row"), [("zh-CN", "下一行"), ("en-GB", "Next row")])
def test_the_help_lists_what_this_page_has(visit, language: str, next_row: str) -> None:
    page = visit("district", "/cases/", language=language)
    axe.prepare(page.context)
    page.reload()
    Keys(page).press("?")
    listed = page.locator("#keys tr:visible")
    listed.first.wait_for()
    assert any(next_row in row for row in listed.all_inner_texts())
    assert page.locator("#keys [data-does=tick]").is_visible()
    assert not page.locator("#keys [data-does=act]").is_visible()
    ways = page.locator("[data-go]").count()
    assert page.locator("#keys [data-ways] tr").count() == ways > 8
    assert axe.faults(page) == []
    page.keyboard.press("Escape")
    page.goto("/desk/messages/")
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    assert not page.locator("#keys [data-does=next]").is_visible()


def test_single_keys_can_be_switched_off(visit) -> None:
    page = visit("district", "/cases/")
    Keys(page).press("?")
    page.locator("[data-keys-on]").uncheck()
    page.locator("#keys [data-dialog-close]").click()
    for _ in range(2):
        Keys(page).press("j", "?", "g", "h")
        page.wait_for_timeout(50)
        assert page.evaluate("document.querySelector('dialog[open]')") is None
        assert not page.locator(".data-table a:focus").count()
        assert "/cases/" in page.url
        page.reload()
    page.keyboard.press("Control+k")
    page.locator("#palette[open]").wait_for()
    page.locator("[data-keys-help]").click()
    page.locator("[data-keys-on]").check()
    page.locator("#keys [data-dialog-close]").click()
    page.locator("#keys[open]").wait_for(state="detached")
    Keys(page).press("j")
    assert page.locator(".data-table a:focus").count() == 1


def test_keys_are_signs_where_one_writes(place, visit) -> None:
    page = visit("handler", f"/cases/{place.town.keys['rich']}/note/")
    page.locator("textarea[name=text]").focus()
    Keys(page).press("j", "g", "h", "n", "?")
    assert page.locator("textarea[name=text]").input_value() == "jghn?"
    page.locator("textarea[name=text]").fill("")
    composing = "new KeyboardEvent('keydown', {key: '?', isComposing: true, bubbles: true})"
    page.evaluate(f"document.activeElement.blur(), document.body.dispatchEvent({composing})")
    with_shift = "new KeyboardEvent('keydown', {key: 'j', ctrlKey: true, bubbles: true})"
    page.evaluate(f"document.body.dispatchEvent({with_shift})")
    assert page.locator("dialog[open]").count() == 0

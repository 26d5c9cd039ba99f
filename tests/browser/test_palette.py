"""The palette: opened by keys or by its button, moved in by arrows, read by screen readers, fed by the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from tests.browser import axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
CHOSEN = "#palette [role=option][aria-selected=true]"
# The option that the field names as active is there, is the only chosen one, and lies in sight of the list.
ACTIVE = """() => {
    const field = document.activeElement, list = document.getElementById(field.getAttribute("aria-controls"));
    const chosen = [...list.querySelectorAll("[aria-selected=true]")];
    if (chosen.length !== 1 || field.getAttribute("aria-activedescendant") !== chosen[0].id) { return null; }
    const box = chosen[0].getBoundingClientRect(), frame = list.getBoundingClientRect();
    return box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1 ? chosen[0].textContent : null;
}"""


def opened(page: Page, width: int) -> Page:
    """Open the palette as people do: by keys at a desk, by its button on a phone."""
    if width > 1000:
        page.keyboard.press("Control+k")
    else:
        page.locator("[data-palette-open]").click()
    page.locator("#palette[open]").wait_for()
    return page


def typed(page: Page, words: str) -> Page:
    """Type words instead of those that stand there, and wait for what the server knows of them."""
    page.locator("#palette input").fill(words)
    page.locator("#palette [role=listbox][aria-busy=false]").wait_for(state="attached")
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1440])
def test_a_case_is_reached_by_its_number(place, visit, width: int, language: str) -> None:
    case = place.town.keys["handling"]
    page = visit("handler", f"/cases/{case}/", width=width, language=LANGUAGES[language])
    number = page.locator(".document-head .muted").inner_text()
    page.goto("/desk/")
    axe.prepare(page.context)
    page.reload()
    opened(page, width)
    page.locator(f"#palette a[href='/cases/{case}/']").wait_for()
    assert axe.faults(page) == [], "empty, with what was open last"
    typed(page, number)
    assert axe.faults(page) == [], "with a case"
    assert number in page.evaluate(ACTIVE)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_says_what_can_be_typed(visit, language: str) -> None:
    page = visit("district", "/desk/", language=LANGUAGES[language])
    axe.prepare(page.context)
    page.reload()
    typed(opened(page, 1440), "nothing-like-it")
    page.locator("#palette [data-nothing]").wait_for()
    assert page.locator("#palette input").get_attribute("aria-expanded") == "false"
    assert axe.faults(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/find/?q=nothing-like-it")


def test_arrows_walk_round_and_keep_the_chosen_row_in_sight(visit) -> None:
    page = opened(visit("district", "/desk/"), 1440)
    assert page.locator(CHOSEN).count() == 0, "nothing is opened by an Enter too many"
    page.keyboard.press("Enter")
    assert page.locator("#palette[open]").count() == 1
    names = page.locator("#palette [role=option]:visible").all_inner_texts()
    assert len(names) > 8
    for _ in names:
        page.keyboard.press("ArrowDown")
        assert page.evaluate(ACTIVE)
    page.keyboard.press("ArrowDown")
    assert page.locator(CHOSEN).inner_text() == names[0]
    page.keyboard.press("ArrowUp")
    assert page.locator(CHOSEN).inner_text() == names[-1]


def test_the_pages_are_those_of_the_navigation(visit) -> None:
    page = visit("worker", "/desk/")
    ways = page.locator(".workbench__nav a").evaluate_all("all => all.map(link => link.pathname)")
    opened(page, 1440)
    offered = page.locator("[data-own=pages] a").evaluate_all("all => all.map(link => link.pathname)")
    assert set(ways) <= set(offered) <= {*ways, "/desk/messages/", "/drafts/paste/"}
    typed(page, "企业库")
    page.keyboard.press("Enter")
    page.wait_for_url("**/firms/**")


def test_what_can_be_done_on_the_page_is_offered(place, visit) -> None:
    page = opened(visit("district", f"/cases/{place.town.keys['submitted']}/"), 1440)
    offered = page.locator("[data-own=doings] a").all_inner_texts()
    assert any("退回补充" in name for name in offered)
    typed(page, "受理")
    page.keyboard.press("Enter")
    assert page.locator("#palette[open]").count() == 0
    assert page.evaluate("document.querySelector('#next-step').contains(document.activeElement)")
    typed(opened(page, 1440), "退回")
    page.keyboard.press("Enter")
    page.wait_for_url("**/return/")


def test_firms_of_the_register_are_found(visit) -> None:
    page = typed(opened(visit("district", "/desk/"), 1440), "示例一号")
    page.locator("#palette a[href^='/firms/']").first.click()
    page.wait_for_url("**/firms/*/")


def test_a_late_answer_to_older_words_is_dropped(visit) -> None:
    page = opened(visit("district", "/desk/"), 1440)
    held = []
    # A plain function: Playwright hangs something on what it calls.
    page.route("**/desk/find/?part&q=*", lambda route: held.append(route))  # noqa: PLW0108
    field = page.locator("#palette input")
    for words in ("道路", "停电"):
        with page.expect_request("**/desk/find/?part&q=*"):
            field.fill(words)
    page.wait_for_timeout(50)
    assert len(held) == 2
    answer = "<section><h2>x</h2><ul><li><a href='/{0}/'>{0}</a></li></ul></section>"
    held[1].fulfill(body=answer.format("newer"), content_type="text/html")
    page.locator("#palette a[href='/newer/']").wait_for()
    with page.expect_response("**/desk/find/?part&q=*"):
        held[0].fulfill(body=answer.format("older"), content_type="text/html")
    page.wait_for_timeout(50)
    assert page.locator("#palette a[href='/newer/']").count() == 1
    assert page.locator("#palette a[href='/older/']").count() == 0


def test_escape_gives_the_focus_back(visit) -> None:
    page = visit("district", "/desk/")
    page.locator("[data-palette-open]").focus()
    page.keyboard.press("Enter")
    page.locator("#palette[open]").wait_for()
    page.keyboard.press("Escape")
    page.locator("#palette[open]").wait_for(state="detached")
    assert page.evaluate("document.activeElement.hasAttribute('data-palette-open')")


def test_a_word_that_is_still_being_composed_opens_nothing(visit) -> None:
    page = typed(opened(visit("district", "/desk/"), 1440), "待办")
    assert "待办" in page.locator(CHOSEN).inner_text()
    event = "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true})"
    assert page.evaluate(f"document.activeElement.dispatchEvent({event})"), "not taken for an Enter"
    assert page.locator("#palette[open]").count() == 1


def test_without_script_the_button_is_a_way_to_a_page(place, visit) -> None:
    page = visit("district", "/desk/", script=False)
    page.locator("[data-palette-open]").click()
    page.wait_for_url(f"**{reverse('workbench:find')}")
    page.locator("main input[name=q]").fill("示例一号")
    page.locator("main form button").click()
    assert page.locator("main a[href^='/firms/']").count() >= 1

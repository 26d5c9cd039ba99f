"""What the office types is kept until it is sent, and by nobody else read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

TEXT = "已与企业通话，路面下周一开工修复。"
DAY_MS = 86_400_000
DRAFTS = """store => Object.fromEntries(
    Object.keys(store).filter(name => name.startsWith("draft:")).map(name => [name, store.getItem(name)]))"""


def drafts(page: Page, store: str = "localStorage") -> dict[str, str]:
    found: dict[str, str] = page.evaluate(f"({DRAFTS})({store})")
    return found


def note(place: Any, visit: Any, **more: Any) -> Page:
    """The page on which a handler writes a note about a case."""
    return visit("handler", f"/cases/{place.town.keys['rich']}/note/", **more)


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "已恢复本机"), ("en-GB", "is back")])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_text_comes_back_and_says_so(place, visit, width: int, language: str, said: str) -> None:
    page = note(place, visit, width=width, language=language)
    axe.prepare(page.context)
    page.locator("textarea[name=text]").fill(TEXT)
    page.goto("/desk/")
    page.goto(f"/cases/{place.town.keys['rich']}/note/")
    assert page.locator("textarea[name=text]").input_value() == TEXT
    assert said in page.locator(".kept-note").inner_text()
    assert axe.faults(page) == []
    page.locator(".kept-note button").click()
    assert page.locator("textarea[name=text]").input_value() == ""
    assert drafts(page) == {}
    page.reload()
    assert page.locator(".kept-note").count() == 0


def test_nothing_is_said_where_nothing_was_written(place, visit) -> None:
    page = note(place, visit)
    page.locator("textarea[name=text]").fill(TEXT)
    page.locator("textarea[name=text]").fill("")
    assert drafts(page) == {}
    page.reload()
    assert page.locator(".kept-note").count() == 0


def test_what_was_sent_is_forgotten_and_what_was_refused_is_not(place, visit) -> None:
    page = note(place, visit)
    page.locator("textarea[name=text]").fill(TEXT)
    page.evaluate("""() => { const form = document.querySelector("form.form"); form.noValidate = true;
        form.querySelectorAll("[name=visibility]").forEach(choice => { choice.checked = false; });
        form.requestSubmit(); }""")
    page.locator(".error-summary").wait_for()
    page.wait_for_load_state()  # the page's own script has seen that it was refused
    assert len(drafts(page)) == 1
    page.goto("/desk/")
    assert len(drafts(page)) == 1
    page.goto(f"/cases/{place.town.keys['rich']}/note/")
    assert page.locator("textarea[name=text]").input_value() == TEXT
    page.locator("[name=visibility]").first.check(force=True)
    page.locator("form.form button.button--primary").click()
    page.wait_for_url(f"**/cases/{place.town.keys['rich']}/")
    assert drafts(page) == {}


def test_a_text_outlives_a_session_that_has_ended(place, visit) -> None:
    page = note(place, visit)
    page.locator("textarea[name=text]").fill(TEXT)
    page.locator("[name=visibility]").first.check(force=True)
    page.context.clear_cookies(name="sessionid")
    page.locator("form.form button.button--primary").click()
    page.wait_for_url("**/sign-in/**")
    assert len(drafts(page)) == 1
    page.context.add_cookies([{**place.cookies["handler"], "url": place.site.url}])
    page.goto(f"/cases/{place.town.keys['rich']}/note/")
    assert page.locator("textarea[name=text]").input_value() == TEXT


def test_an_error_of_the_server_costs_no_text(place, visit) -> None:
    page = note(place, visit, expect="the server responded with")
    page.locator("textarea[name=text]").fill(TEXT)
    page.locator("[name=visibility]").first.check(force=True)
    page.locator("form.form [name=csrfmiddlewaretoken]").evaluate("found => found.remove()")
    page.locator("form.form button.button--primary").click()
    page.locator(".message-page").wait_for()
    page.wait_for_load_state()  # the page's own script has seen that it failed
    page.goto("/desk/")
    assert len(drafts(page)) == 1


def test_signing_out_forgets_and_others_read_nothing(place, visit) -> None:
    page = note(place, visit)
    page.locator("textarea[name=text]").fill(TEXT)
    page.context.clear_cookies(name="sessionid")
    page.context.add_cookies([{**place.cookies["head"], "url": place.site.url}])
    page.goto(f"/cases/{place.town.keys['rich']}/note/")
    assert page.locator("textarea[name=text]").input_value() == "", "another person"
    page.context.clear_cookies(name="sessionid")
    page.context.add_cookies([{**place.cookies["handler"], "url": place.site.url}])
    page.goto(f"/cases/{place.town.keys['rich']}/")
    remembered = "Object.keys(sessionStorage).filter(name => /^(visited|draft):/.test(name)).length"
    assert page.evaluate(remembered) == 1, "what was open last"
    # The session of the town's handler is needed by other tests: the server does not hear of it.
    page.route("**/sign-in/out/", lambda route: route.fulfill(body="out", content_type="text/html"))
    page.locator("form[data-signs-out] button").click()
    page.wait_for_url("**/sign-in/out/")
    assert drafts(page) == {}
    assert page.evaluate(remembered) == 0


def test_a_week_later_it_is_gone(place, visit) -> None:
    page = note(place, visit)
    page.locator("textarea[name=text]").fill(TEXT)
    [(name, kept)] = drafts(page).items()
    for days, left in ((6.9, 1), (7.1, 0)):
        draft = json.loads(kept)
        draft["at"] -= days * DAY_MS
        page.evaluate("([name, draft]) => localStorage.setItem(name, draft)", [name, json.dumps(draft)])
        page.goto("/desk/")
        assert len(drafts(page)) == left, days


def test_what_may_be_confidential_stays_in_the_tab(place, visit) -> None:
    page = visit("handler", f"/supervision/tasks/{place.town.keys['task_signed']}/report/")
    page.locator("textarea").first.fill(TEXT)
    assert drafts(page) == {}
    assert len(drafts(page, "sessionStorage")) == 1
    page.reload()
    assert page.locator("textarea").first.input_value() == TEXT
    assert page.locator(".kept-note").count() == 1


def test_a_pasted_chat_is_kept_nowhere(visit) -> None:
    page = visit("district", "/drafts/paste/")
    page.locator("textarea").first.fill("王某 13800000000：停电了")
    assert drafts(page) == drafts(page, "sessionStorage") == {}


def test_a_firm_finds_everything_it_began_to_write(visit) -> None:
    page = visit("firm_a", "/cases/new/", width=390)
    page.locator("[name=text]").fill(TEXT)
    page.locator("[name=place]").fill("北门")
    page.goto("/my/")
    page.goto("/cases/new/")
    assert page.locator("[name=text]").input_value() == TEXT
    assert page.locator("[name=place]").input_value() == "北门"
    assert page.locator(".kept-note").count() == 0

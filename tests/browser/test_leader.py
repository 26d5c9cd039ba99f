"""A leader gives instructions on a phone, written and by hand; a unit works on them until they are cleared."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import steps
from zhitong.core.clock import local_date

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.people import People

pytestmark = pytest.mark.browser

UNIT, OTHER = "示例市工信局", "示例市城管委"
WORD, HANDWRITING = "请本周内修好厂门口的路。", "请城管委到现场看一看。"
PROGRESS, DONE = "施工队今天进场。", "路已修好，企业确认可以通行。"
DAYS = 10


@pytest.fixture
def people(site, open_page) -> People:
    from tests.browser.people import People

    return People(site, open_page)


def tags(page: Page) -> list[str]:
    """The states of the units' tasks on the page of a matter."""
    return page.locator("section.card h2 .tag").all_inner_texts()


def issue(page: Page, words: str) -> Page:
    """Send the form of an instruction; its matter comes back."""
    from tests.browser.people import fits

    page.get_by_role("button", name="签发").click()
    page.get_by_text("已签发，已通知承办单位。").wait_for()
    assert words in page.locator("main").inner_text()
    assert tags(page) == ["待签收"]
    return fits(page)


def step(people: People, name: str, matter: str, label: str, **fields: Any) -> Page:
    """Take a step of a task on the page of its matter, which comes back."""
    from tests.browser.people import fits, follow

    page = people.at(name, matter)
    follow(page, page.get_by_role("link", name=label, exact=True), "**/supervision/tasks/**")
    form = page.locator("form.form")
    steps.fill(form, fields)
    form.get_by_role("button", name=label, exact=True).click()
    page.wait_for_url(f"**{matter}")
    page.get_by_text("已办理。").wait_for()
    return fits(page)


def from_the_desk(people: People, name: str, heading: str, words: str) -> Page:
    """Find a matter on somebody's first page, and open it."""
    from tests.browser.people import follow

    page = people.at(name, "/desk/")
    panel = page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
    title = words.removesuffix("。")
    return follow(page, panel.get_by_role("link").filter(has_text=title), "**/supervision/*/")


def test_an_instruction_from_the_page_of_a_case_is_carried_out_and_cleared(people: People) -> None:
    from tests.browser.people import follow

    case = people.office.until("handling", now=people.now)
    phone = people.at_case("leader", case)
    follow(phone, phone.get_by_role("link", name="作批示"), "**/supervision/instruct/**")
    assert case.number in phone.locator("main").inner_text()
    assert phone.get_by_label(UNIT).is_checked(), "the unit that has the case is chosen already"
    phone.get_by_label("要求").fill(WORD)
    phone.get_by_label("3个工作日", exact=True).check()
    issue(phone, WORD)
    assert "剩 3 个工作日" in phone.locator("main").inner_text()
    matter = phone.url.removeprefix(people.site.url)

    page = from_the_desk(people, "handler", "督办：交我单位办理", WORD)
    assert case.number in page.locator("main").inner_text()
    assert tags(step(people, "handler", matter, "签收")) == ["办理中"]
    step(people, "handler", matter, "反馈进展", text=PROGRESS)
    step(people, "handler", matter, "申请销号", text=DONE)
    assert page.get_by_role("link", name="销号", exact=True).count() == 0, (
        "a unit does not clear its own task"
    )

    reported = from_the_desk(people, "leader", "未销号", WORD)
    assert tags(reported) == ["待销号"]
    assert all(word in reported.locator("main").inner_text() for word in (PROGRESS, DONE, "未销号"))
    from_the_desk(people, "supervisor", "未销号", WORD)
    step(people, "supervisor", matter, "销号", text="现场看过，属实。")

    cleared = people.at("leader", matter)
    assert tags(cleared) == ["已销号"]
    assert cleared.get_by_text("全部销号").is_visible()
    assert "全部已销号。" in people.at("leader", "/desk/").locator("main").inner_text()
    assert "已销号" in people.at_case("leader", case).locator("main").inner_text()


def test_a_photo_of_handwriting_is_written_down_later(people: People) -> None:
    from tests.browser import town
    from tests.browser.people import fits, follow

    phone = people.at("leader", "/desk/")
    follow(phone, phone.get_by_role("link", name="作批示"), "**/supervision/instruct/")
    photo = {"name": "批示.jpg", "mimeType": "image/jpeg", "buffer": town.photo()}
    phone.locator("[name=photos]").set_input_files([photo])
    phone.locator(".photo-grid__item").wait_for()
    phone.get_by_label(OTHER, exact=True).check()
    day = (local_date(people.now) + timedelta(days=DAYS)).isoformat()
    phone.get_by_label("或指定截止日期").fill(day)
    issue(phone, "文字尚未整理。")
    assert day in phone.locator("main").inner_text()
    picture = phone.get_by_role("img", name="批示.jpg")
    assert picture.evaluate("found => found.decode().then(() => found.naturalWidth)") > 0
    matter = phone.url.removeprefix(people.site.url)

    page = from_the_desk(people, "supervisor", "未销号", OTHER)
    follow(page, page.get_by_role("link", name="整理成文字"), "**/transcribe/")
    page.get_by_role("textbox", name="内容").fill(HANDWRITING)
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(f"**{matter}")
    page.get_by_text("已保存。").wait_for()
    fits(page)

    unit = from_the_desk(people, "worker", "督办：交我单位办理", HANDWRITING)
    assert HANDWRITING in unit.locator("main").inner_text()
    assert unit.get_by_role("img", name="批示.jpg").count() == 1
    read = people.at("leader", matter).locator("main").inner_text()
    assert HANDWRITING in read
    assert "文字尚未整理。" not in read

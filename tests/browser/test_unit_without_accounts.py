"""A bureau in which nobody can sign in helps with a case: by a link that works once, and by a sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from tests.browser.steps import CASE, send
from tests.support import office as offices

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browser.people import People

pytestmark = pytest.mark.browser

BUREAU = "示例税务局"
WANTED, REPLY, WHO = "请核实该厂的退税进度。", "退税款已于本周拨付。", "示例科长"
SECRET = "别家企业的事，与税务局无关。"


@pytest.fixture
def people(site, open_page) -> People:
    from tests.browser.people import People
    from zhitong.orgs import services

    people = People(site, open_page)
    services.create_department(
        by=offices.SEEDER, now=people.now, name=BUREAU, name_en="Tax Bureau", tier="city",
        local_code="tax", parent=people.office.units["city"], region="", intake=False,
    )  # fmt: skip
    return people


def ask_the_bureau(people: People, case: Any) -> Page:
    """The handler asks the bureau for its part, and sees what may be done without an account there."""
    from zhitong.orgs.models import Department

    bureau = Department.objects.get(name=BUREAU)
    page = people.act("handler", case, "ask_help", department=bureau.pk, text=WANTED)
    assert WANTED in part(page).inner_text()
    return page


def part(page: Page) -> Locator:
    """The bureau's part on the page of a case."""
    return page.locator("#parts .parts__row", has_text=BUREAU)


def panel(page: Page) -> Locator:
    """What the page of a case says of units without accounts."""
    return page.locator("#replies")


def link_on_the_letter(page: Page, case: Any) -> str:
    """Make a link and read it from its letter, the only place where it is ever shown."""
    from tests.browser.people import fits

    panel(page).get_by_role("link", name="生成答复链接").click()
    page.wait_for_url("**/link/")
    page.locator("form.form").get_by_role("button", name="生成答复链接").click()
    page.get_by_role("heading", name="征求答复函").wait_for()
    assert case.number in fits(page).locator("main").inner_text()
    return page.locator(".secret__text").inner_text().strip()


def only_that_matter(page: Page, case: Any) -> None:
    """The unit reads the one case and what is asked of it, and finds no way to anything else."""
    text = page.locator("body").inner_text()
    assert all(word in text for word in (BUREAU, case.number, case.text, WANTED))
    assert SECRET not in text
    assert page.locator("a:not(.skip-link)").count() == 0
    assert page.locator("nav").count() == 0


def test_a_link_that_works_once_brings_the_reply_of_a_bureau(people: People, open_page) -> None:
    from tests.browser import people as browsers
    from tests.browser import town

    people.office.case("b", now=people.now, text=SECRET)
    case = people.office.until("handling", now=people.now)
    address = link_on_the_letter(ask_the_bureau(people, case), case)

    unit = open_page(people.site.url, width=browsers.PHONE, expect="404")
    unit.goto(address)
    browsers.fits(unit)
    only_that_matter(unit, case)
    unit.get_by_label("答复意见").fill(REPLY)
    unit.get_by_label("答复人姓名、职务").fill(WHO)
    scan = {"name": "盖章答复.jpg", "mimeType": "image/jpeg", "buffer": town.photo()}
    unit.locator("input[type=file]").set_input_files([scan])
    unit.locator(".photo-grid__item").wait_for()
    unit.get_by_role("button", name="提交答复").click()
    unit.get_by_role("heading", name="答复已收到").wait_for()
    assert case.number in browsers.fits(unit).locator("main").inner_text()
    unit.goto(address)
    unit.get_by_role("heading", name="链接无效").wait_for()
    assert "已失效" in browsers.fits(unit).locator("main").inner_text()
    assert unit.locator("form.form").count() == 0

    page = people.at("handler", "/desk/")
    desk = page.locator("section", has=page.get_by_role("heading", name="回复待处理"))
    browsers.follow(page, desk.get_by_role("link").first, "**/replies/*/take/")
    shown = page.locator("main").inner_text()
    assert all(word in shown for word in (REPLY, WHO, BUREAU))
    picture = page.get_by_role("img", name="盖章答复.jpg")
    assert picture.evaluate("found => found.decode().then(() => found.naturalWidth)") > 0
    send(page)
    part_is_done(page)


def part_is_done(page: Page) -> None:
    """The reply stands at the bureau's part, and nothing is left to do with it."""
    assert part(page).locator(".tag--success").inner_text() == "已答复"
    assert REPLY in part(page).inner_text()
    assert "已采纳" in panel(page).inner_text()
    assert part(page).get_by_role("link").count() == 0
    assert panel(page).get_by_role("link", name="生成答复链接").count() == 0


def filled_in(path: Path, number: str) -> dict[str, Any]:
    """The workbook as the bureau sends it back: one row filled in, the others left as they were."""
    book = load_workbook(path)
    heads = {cell.value: cell.column for cell in book.active[2]}
    row = next(row[0].row for row in book.active.iter_rows(min_row=3) if row[0].value == number)
    for head, words in (("答复内容", REPLY), ("答复人姓名职务", WHO)):
        book.active.cell(row, heads[head], words)
    book.save(path)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "税务局答复.xlsx", "mimeType": kind, "buffer": path.read_bytes()}


def test_a_sheet_brings_the_reply_of_a_bureau(people: People, tmp_path: Path) -> None:
    from tests.browser.people import fits, follow

    case, other = (people.office.until("handling", now=people.now) for _ in range(2))
    for one in (case, other):
        ask_the_bureau(people, one)

    page = people.at("handler", "/desk/")
    follow(page, page.get_by_role("link", name="无账号单位"), "**/replies/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载答复表").click()
    path = tmp_path / "sheet.xlsx"
    download.value.save_as(path)
    given = filled_in(path, case.number)
    follow(page, page.get_by_role("link", name="导入答复表"), "**/sheet/back/")
    page.get_by_label("填好的表格").set_input_files([given])
    page.get_by_role("button", name="读取表格").click()
    page.wait_for_url(re.compile(r"/replies/sheets/\d+/$"))

    card = fits(page).locator("section.card")
    assert card.get_by_role("heading").all_inner_texts() == ["1 行可录入"]
    assert all(word in card.inner_text() for word in (case.number, REPLY, WHO))
    assert "1 行未填写" in page.locator("main").inner_text()
    assert REPLY not in people.at_case("head", case).locator("main").inner_text(), "looking enters nothing"
    page.get_by_role("button", name="录入这些行").click()
    page.get_by_role("heading", name="已录入 1 行").wait_for()
    fits(page)

    follow(page, page.locator(".parts__row").get_by_role("link", name=case.number), "**#replies")
    take = panel(page).get_by_role("link", name="采纳", exact=True).first
    follow(page, take, "**/take/")
    assert REPLY in page.locator("main").inner_text()
    send(page)
    assert CASE.search(page.url)
    part_is_done(page)
    left = people.at_case("handler", other)
    assert REPLY not in left.locator("main").inner_text()
    assert panel(left).get_by_role("link", name="生成答复链接").count() == 1

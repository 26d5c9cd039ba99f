"""Excel comes alive: Friday's untidy list becomes drafts that say what is missing and what came in before."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook

from tests.support import office as offices

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.people import People

pytestmark = pytest.mark.browser

SEED, ROWS = 20261127, 86
ERRORS, AGAIN, KNOWN, STRANGE = (
    4,
    5,
    2,
    6,
)  # rows without a text, said twice, of a running case, of unknown firms
HEAD = [
    "序号",
    "走访日期",
    "联系电话",
    "存在困难和问题",
    "走访企业",
    "联系人",
    "原平台编号",
    "责任单位",
    "跟进情况",
]
FIRM, BUREAU = "示例一号厂", "示例税务局"
KNOWN_TEXT = "厂区北侧主干道路面破损，货车无法通行，请尽快修复。"
WHAT = (
    "用电负荷不足",
    "招不到熟练焊工",
    "贷款到期续贷困难",
    "门前道路积水",
    "污水管网未接通",
    "公交末班车太早",
    "海外订单减少",
    "厂房消防验收慢",
)
WHERE = (
    "东门",
    "西门",
    "南门",
    "北门",
    "一号车间",
    "二号车间",
    "三号车间",
    "成品仓库",
    "原料仓库",
    "员工宿舍",
    "食堂",
)
DATES = ("2026-11-{day:02}", "2026/11/{day}", "2026.11.{day:02}", "2026年11月{day}日")
PHONES = ("1380000{n:04}", "138-0000-{n:04}", "138 0000 {n:04}", "0591-8765{n:04}")


def messy(path: Path) -> Path:
    """86 rows as a Friday leaves them: title over all columns, blank rows, mixed dates and numbers, doubles."""
    chance = random.Random(SEED)
    texts = [f"{where}{what}，请协调解决。" for where in WHERE for what in WHAT][
        : ROWS - AGAIN - KNOWN - ERRORS
    ]
    texts += [""] * ERRORS + [KNOWN_TEXT] * KNOWN
    texts = [*texts, *texts[:AGAIN]]
    book = Workbook()
    sheet = book.active
    sheet.append(["示例区企业走访问题清单（2026年11月第四周）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEAD))
    sheet.append(["填报单位：示例区", *[None] * 8])
    sheet.append(HEAD)
    for number, text in enumerate(texts, start=1):
        firm = f"示例外来{number}厂" if number <= STRANGE else FIRM
        sheet.append(
            [
                number,
                chance.choice(DATES).format(day=chance.randint(2, 27)),
                chance.choice(PHONES).format(n=number),
                text,
                firm,
                f"示例联系人{number}",
                f"ZF-{number:03}",
                BUREAU if number in {10, 11} else "",
                "",
            ]
        )
        if number % 20 == 0:
            sheet.append([])
    assert len(texts) == ROWS
    book.save(path)
    return path


@pytest.fixture
def people(site: Any, open_page: Any) -> People:
    from tests.browser.people import People
    from zhitong.cases import services as case_services
    from zhitong.orgs import services

    people = People(site, open_page)
    services.create_department(
        by=offices.SEEDER, now=people.now, name=BUREAU, name_en="Tax Bureau", tier="city",
        local_code="tax", parent=people.office.units["city"], region="", intake=False,
    )  # fmt: skip
    case_services.submit(
        by=people.office.actor("firm_a", people.now), now=people.now,
        draft=case_services.Draft(text=KNOWN_TEXT), firm=people.office.firms["a"],
    )  # fmt: skip
    return people


def look(page: Page, name: str) -> None:
    """Keep a picture of a page on a desk and on a phone, where somebody wants to look at them."""
    folder = os.environ.get("ZHITONG_PICTURES")
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
        if folder:
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)


def number(page: Page, query: str) -> int:
    """How many drafts the list shows under a filter."""
    page.goto(f"/drafts/?{query}")
    return int(re.search(r"(\d+) 条", page.locator("#results > p").first.inner_text())[1])


def drop(people: People, path: Path) -> tuple[Page, str]:
    """Drop the list in; return the page of its drafts and the number of the lot."""
    page = people.at("district", "/drafts/sheet/")
    page.locator("input[type=file]").set_input_files(str(path))
    page.locator("form.form button.button--primary").click()
    page.wait_for_url("**/drafts/?lot=*")
    assert str(ROWS) in page.locator(".message--success").inner_text()
    return page, page.url.partition("lot=")[2]


def mend(page: Page, lot: str) -> None:
    """Write down what is missing in the rows that may not be entered yet."""
    for place in range(ERRORS):
        page.goto(f"/drafts/?lot={lot}&remark=error")
        page.locator("table a").first.click()
        page.locator("#id_text").fill(f"电话补充：第{place + 1}项，厂区夜间照明不足。")
        page.locator("#correct form.form button.button--primary").click()
        page.wait_for_load_state()
    assert number(page, f"lot={lot}&remark=error") == 0


def test_an_untidy_list_becomes_drafts_that_say_what_is_against_them(people: People, tmp_path: Path) -> None:
    from zhitong.drafts.models import Draft

    page, lot = drop(people, messy(tmp_path / "走访问题清单.xlsx"))
    look(page, "drafts")
    assert number(page, f"lot={lot}") == ROWS
    assert number(page, f"lot={lot}&remark=error") == ERRORS
    assert number(page, f"lot={lot}&remark=twin") == AGAIN + KNOWN
    assert number(page, f"lot={lot}&firmless=on") == STRANGE
    assert Draft.objects.filter(said_at__isnull=False).count() == ROWS
    assert Draft.objects.exclude(phone_mask="").count() == ROWS
    mend(page, lot)
    look(page, "mended")

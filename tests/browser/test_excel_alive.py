"""Excel comes alive: Friday's untidy list becomes cases, and a unit without accounts answers in Excel."""

from __future__ import annotations

import os
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook, load_workbook

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
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPLY = "退税款已于本周拨付。"


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


def enter_all(page: Page, lot: str, lead: str) -> list[str]:
    """Tick what has nothing heavy against it, enter and dispatch it; return the numbers on the receipt."""
    page.goto(f"/drafts/?lot={lot}")
    page.locator("[data-tick-all]").check()
    page.locator("button[name=step][value=enter]").click()
    page.locator("form.form").wait_for()
    assert page.locator("form.form input[name=draft]").count() == ROWS
    page.locator("input[name=kind][value=normal]").check(force=True)
    page.locator("select[name=lead]").select_option(label=lead)
    # 86 cases accepted and dispatched in one request: seconds where nothing else runs, more where much does.
    page.locator("form.form button.button--primary").click(timeout=90_000)
    page.locator(".data-table .tag--success").first.wait_for(timeout=90_000)
    assert page.locator(".data-table .tag--success").count() == ROWS
    assert page.locator(".data-table .tag--danger").count() == 0
    return page.locator(".data-table a[href^='/cases/']").all_inner_texts()


def filled_in(path: Path, wanted: list[str]) -> dict[str, Any]:
    """The workbook as the unit sends it back: some rows filled in."""
    book = load_workbook(path)
    heads = {cell.value: cell.column for cell in book.active[2]}
    for row in book.active.iter_rows(min_row=3):
        if row[0].value in wanted:
            book.active.cell(row[0].row, heads["答复内容"], REPLY)
            book.active.cell(row[0].row, heads["办理结果"], "已解决")
            book.active.cell(row[0].row, heads["答复人姓名职务"], "示例科长")
    book.save(path)
    return {"name": "答复.xlsx", "mimeType": XLSX, "buffer": path.read_bytes()}


def test_an_untidy_list_becomes_cases_and_excel_brings_answers_back(people: People, tmp_path: Path) -> None:
    from zhitong.cases.models import Case
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
    numbers = enter_all(page, lot, BUREAU)
    look(page, "receipt")
    assert len(set(numbers)) == ROWS
    assert number(page, f"lot={lot}") == 0
    bureau = Case.objects.filter(lead__name=BUREAU)
    assert bureau.count() == ROWS

    page = people.at("district", "/replies/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载答复表").click()
    path = tmp_path / "sheet.xlsx"
    download.value.save_as(path)
    given = filled_in(path, numbers[:3])
    page.get_by_role("link", name="导入答复表").click()
    page.wait_for_url("**/sheet/back/")
    page.get_by_label("填好的表格").set_input_files([given])
    page.get_by_role("button", name="读取表格").click()
    page.wait_for_url(re.compile(r"/replies/sheets/\d+/$"))
    look(page, "sheet")
    assert "3 行可录入" in page.locator("main").inner_text()
    page.get_by_role("button", name="录入这些行").click()
    page.get_by_role("heading", name="已录入 3 行").wait_for()
    look(page, "answers")
    shown = page.locator(".parts__row").all_inner_texts()
    assert [any(one in row for row in shown) for one in numbers[:3]] == [True] * 3

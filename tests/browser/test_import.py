"""A list dropped into the browser: looked at, brought in, found in the register, taken back as a whole."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from zhitong.kernel.codes import check_sign

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

GOOD = {"示例甲流新厂": "MA0MXRTY1", "示例乙流新厂": "MA0MXRTY2"}


def code(body: str) -> str:
    """A sound code of the district with this body."""
    first = f"91350111{body}"
    return first + check_sign(first)


def messy_list() -> bytes:
    """As officials make them: a title row, a heading, a note below, in GBK; the third code has a slip."""
    rows = [f"{code(body)},{name},2025年" for name, body in GOOD.items()]
    slip = code("MA0MXRTY3")
    rows.append(f"{slip[:-1]}{'0' if slip[-1] != '0' else '1'},示例丙流新厂,2025年")
    lines = ["示例区规上企业名单,,", "统一社会信用代码,企业名称,备注", *rows]
    return "\r\n".join(lines).encode("gbk")


def figures(page: Page) -> dict[str, str]:
    """The figures of the page by their names."""
    names, values = (
        page.locator(".figures dt").all_inner_texts(),
        page.locator(".figures dd").all_inner_texts(),
    )
    return dict(zip(names, values, strict=True))


def found(page: Page, words: str) -> list[str]:
    page.goto(f"/firms/?q={words}")
    return page.locator("#results th[scope=row]").all_inner_texts()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_messy_list_comes_in_and_goes_out_again(place, visit, width: int) -> None:
    page = visit("district", "/firms/imports/", width=width)
    page.locator("[name=source]").fill("示例区统计名单")
    page.locator("[name=file]").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": messy_list()}
    )
    page.locator("form.form button.button--primary").click()
    page.locator(".column-grid").wait_for()
    assert figures(page) == {"新增": "2", "已有": "0", "退回": "1"}
    assert "示例丙流新厂" in page.locator(".data-table tr", has=page.locator(".tag--danger")).inner_text()
    assert found(page.context.new_page(), "甲流") == [], "looking writes nothing"
    address = page.url
    page.locator("form.card button.button--primary").click()
    page.locator("#progress").wait_for()
    place.site.zhitong("worker", "--batch")
    page.locator("#progress .tag--success").wait_for()  # the page asks by itself
    assert figures(page) == {"新增": "2", "更新": "0", "无变化": "0", "退回": "1"}
    with page.expect_download() as download:
        page.locator("a[href$='/refused/'], a:has-text('退回')").first.click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    assert "示例丙流新厂" in rows[1]
    other = page.context.new_page()
    assert sorted(found(other, "流新厂")) == sorted(GOOD)
    page.locator("form.inline-form button.button--danger-outline").click()
    page.wait_for_url(address)
    place.site.zhitong("worker", "--batch")
    page.reload()
    assert page.locator("#progress .tag").first.inner_text() == "已撤销"
    assert found(other, "流新厂") == []

"""A day in the office: help from another department, more time for a case, and a bad rating that brings it back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.support import office as offices
from zhitong.core import outbox
from zhitong.core.clock import local_date

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.browser.people import People

pytestmark = pytest.mark.browser

WANTED, REPLY = "请查看厂区外的管线。", "管线完好，可以开挖。"
LONGER, PAUSE, AGAIN = "材料下周才到货。", "等待燃气公司停气。", "燃气公司已停气。"
WORD, HURRY = "材料到货后立即施工。", "货车还是进不来，请快一点。"
FIRST, SECOND = "路已经修好。", "破损的路面已全部重铺。"
COMPLAINT, THANKS = "只补了一个坑，货车还是进不来。", "这次真的修好了。"
DAYS, PAUSED = 3, 10


@pytest.fixture
def people(site, open_page) -> People:
    from tests.browser.people import People

    return People(site, open_page)


def told(people: People, name: str, words: str) -> None:
    """A person finds a message with these words, which leads to its case."""
    from tests.browser.people import follow

    outbox.drain(now=timezone.now())
    page = people.at(name, "/my/messages/" if name.startswith("firm") else "/desk/messages/")
    follow(page, page.get_by_role("main").get_by_role("link").filter(has_text=words).first, "**/cases/*/")


def state(page: Page) -> str:
    """The state of a case, as its page says it first."""
    return page.locator(".tag--primary").first.inner_text()


def main(page: Page) -> str:
    return page.get_by_role("main").inner_text()


def timeline(page: Page) -> Locator:
    """The last line of the course of a case."""
    return page.locator(".timeline__entry").first


def due(page: Page) -> str:
    """The day that the running clock of a case shows to the office."""
    return page.get_by_role("region", name="当前时限").get_by_role("time").inner_text()


def test_another_department_does_its_part_in_a_case(people: People) -> None:
    from tests.browser.people import follow

    case, lead, helper = people.office.case(now=people.now), "示例市工信局", people.office.units["works"]
    people.act("district", case, "accept", kind="normal", message="已收到。")
    unit, person = people.office.units["industry"], people.office.users["handler"]
    page = people.act("district", case, "dispatch", lead=unit.pk, person=person.pk, message="请尽快。")
    assert (state(page), lead in main(page)) == ("已派单", True)
    assert state(people.act("handler", case, "start")) == "办理中"
    people.act("handler", case, "ask_help", department=helper.pk, text=WANTED)

    page = people.at("worker", "/desk/")
    follow(page, page.locator(".desk-parts").get_by_role("link").first, "**/cases/*/#parts")
    part_step(page, "签收")
    part_step(page, "提交回复", text=REPLY)

    page = people.at_case("handler", case)
    answered = page.locator("#parts .parts__row", has_text=helper.name)
    assert answered.locator(".tag--success").inner_text() == "已答复"
    assert all(word in answered.inner_text() for word in (WANTED, REPLY, "示例worker"))
    assert REPLY not in main(people.at_case("firm_a", case)), "what departments say to each other is theirs"


def part_step(page: Page, label: str, **fields: Any) -> None:
    """Take a step of a part of another department's case; the case comes back."""
    from tests.browser import steps
    from tests.browser.people import fits, follow

    follow(page, page.locator("#parts").get_by_role("link", name=label, exact=True), "**/cases/parts/**")
    assert WANTED in main(page)
    steps.send(page, **fields)
    fits(page)


def test_a_case_gets_more_time_and_pauses_and_its_firm_urges(people: People) -> None:
    case = people.office.until("handling", now=people.now)
    before = due(people.at_case("district", case))
    page = people.act("handler", case, "ask_extension", days=DAYS, reason=LONGER)
    assert due(page) == before, "asking alone gives no day more"
    page = people.at_case("district", case)
    waiting = page.get_by_role("region", name="待审批的申请").inner_text()
    assert all(word in waiting for word in ("延长 3 个工作日", LONGER, "示例handler"))
    page = people.act("district", case, "grant_extension", message=WORD)
    longer = due(page)
    assert longer > before
    page.get_by_text("时限怎么算的？").click()
    assert page.get_by_text("延期后增加 3 天。").is_visible()
    firm = main(people.at_case("firm_a", case))
    assert all(word in firm for word in (longer, WORD, "同意延期"))

    until = (local_date(people.now) + timedelta(days=PAUSED)).isoformat()
    people.act("handler", case, "ask_suspension", until=until, reason=PAUSE)
    page = people.act("district", case, "grant_suspension", message=PAUSE)
    assert (state(page), due(page)) == ("中止", until)
    page = people.act("handler", case, "resume", reason=AGAIN)
    assert (state(page), due(page)) == ("办理中", longer)

    page = people.act("firm_a", case, "urge", text=HURRY)
    assert (state(page), HURRY in main(page)) == ("办理中", True)
    told(people, "handler", "企业催办")
    said = timeline(people.pages["handler"]).inner_text()
    assert all(word in said for word in ("催办", HURRY, "示例firma"))


def test_a_bad_rating_brings_the_case_back_once(people: People) -> None:
    from zhitong.orgs import services

    unit = people.office.units["industry"]
    given = {name: getattr(unit, name) for name in ("name", "name_en", "region", "intake", "active")}
    services.change_department(
        by=offices.SEEDER, now=people.now, department=unit, signing="head_leader", **given
    )
    case = people.office.until("handling", now=people.now)
    answer(people, case, FIRST)
    page = people.act("firm_a", case, "rate", stars=1, comment=COMPLAINT)
    assert state(page) == "办理中"
    assert "不满意重办" in main(page)

    told(people, "handler", "企业不满意，诉求重新办理")
    page = people.pages["handler"]
    assert state(page) == "办理中"
    assert all(word in main(page) for word in ("非常不满意", COMPLAINT, "不满意重办"))
    assert "此前的答复" in main(page)
    assert "系统" in main(page)
    assert "rating" not in main(page)
    assert page.locator(".rating .icon").count() == 1
    answer(people, case, SECOND)

    page = people.act("firm_a", case, "rate", stars=5, comment=THANKS)
    assert state(page) == "已评价"
    page = people.at_case("district", case)
    assert all(word in main(page) for word in ("非常满意", THANKS))
    assert page.locator(".rating .icon").count() == 5
    page = people.act("district", case, "close", outcome="solved", message="电话回访，路确已修好。")
    assert (state(page), "已结束" in main(page)) == ("已办结", True)
    firm = people.at_case("firm_a", case)
    assert state(firm) == "已办结"
    assert all(word in main(firm) for word in ("已解决", SECOND, COMPLAINT, THANKS))


def answer(people: People, case: Any, text: str) -> None:
    """Two signatures under an answer; before the second the firm reads nothing of it."""
    page = people.act("handler", case, "answer", text=text, outcome="solved")
    assert "第 1 步，共 2 步" in main(page)
    page = people.act("head", case, "review", message="情况属实。")
    assert "第 2 步，共 2 步" in main(page)
    assert text not in main(people.at_case("firm_a", case))
    assert state(people.act("chief", case, "approve")) == "已答复"
    firm = people.at_case("firm_a", case)
    assert (state(firm), text in main(firm)) == ("已答复", True)

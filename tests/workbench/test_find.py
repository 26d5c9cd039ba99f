"""What is found from anywhere: by whom, by which words, and never more than lists show."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.insight import scenes
from tests.support.browsing import signed_in
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services
from zhitong.core import clock
from zhitong.enterprises import services as enterprise_services
from zhitong.kernel.codes import check_sign
from zhitong.workbench.forms import FindForm

pytestmark = pytest.mark.django_db

PROTECTED = "受保护的反映人"


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests happen at the office's moment."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def piece(office: Office, name: str, **given: Any) -> str:
    """What the palette of somebody is given."""
    answer = signed_in(office, name).get(reverse("workbench:find"), {"part": "", **given})
    assert answer.status_code == 200
    return answer.content.decode()


def secret(office: Office, **more: Any) -> Any:
    """A case of the first firm that the bureau leads."""
    text = "示例一号厂反映：北门停电，有人索要好处。"
    return office.led(services.Draft(text=text, **more))


def test_a_whole_number_finds_its_case_alone(office: Office) -> None:
    case, other = office.until("handling"), office.until("handling")
    shown = piece(office, "handler", q=f" {case.number.lower()} ")
    assert f'href="/cases/{case.pk}/"' in shown
    assert case.number in shown
    assert other.number not in shown
    assert "示例一号厂" in shown
    assert "办理中" in shown


def test_words_find_cases_and_firms_in_sight(office: Office) -> None:
    code = "91350111MA0DEM05XX"
    code = code[:-1] + check_sign(code[:-1])
    firm = enterprise_services.register(by=SEEDER, now=NOW, code=code, name="示例三号厂", region="350111")
    case = office.case(text="示例三号厂门口停电三小时")
    shown = piece(office, "district", q="示例三号")
    assert f'href="/cases/{case.pk}/"' in shown
    assert f'href="/firms/{firm.pk}/"' in shown
    assert firm.code in piece(office, "district", q=firm.code.lower())
    elsewhere = piece(office, "other", q="示例三号")
    assert "/cases/" not in elsewhere
    assert "/firms/" not in elsewhere


def test_precedents_are_found_by_the_office(office: Office) -> None:
    row = scenes.published(office)
    for number in range(3):
        scenes.published(office, title=f"道路{number}", question="车间停电。", answer="已恢复供电。")
    assert f'href="/precedents/{row.pk}/"' in piece(office, "worker", q="养护单位")
    shown = piece(office, "worker", q="道路")
    assert shown.count('href="/precedents/') == 4, "three rows and the list"
    assert "/precedents/" not in piece(office, "sysadmin", q="道路")
    assert "/precedents/" not in piece(office, "firm_a", q="道路")


@pytest.mark.parametrize("name", ["sysadmin", "firm_a"])
def test_who_works_on_no_case_finds_none(office: Office, name: str) -> None:
    case = office.until("handling")
    for given in ({"q": case.number}, {"q": "示例"}, {"recent": f"case:{case.pk}"}):
        assert "href" not in piece(office, name, **given)


def test_one_sign_is_no_word(office: Office) -> None:
    office.until("handling")
    assert "href" not in piece(office, "handler", q="示")


@pytest.mark.parametrize("words", ["a" * 61, "示例\x00"])
def test_what_is_no_input_finds_nothing(office: Office, words: str) -> None:
    office.until("handling")
    assert "href" not in piece(office, "handler", q=words)


def test_few_of_each_kind_and_the_way_to_all(office: Office) -> None:
    for number in range(7):
        office.case(text=f"门口停电三小时，第{number}次说")
    shown = piece(office, "district", q="停电 门口")
    assert shown.count('href="/cases/') == 7, "six rows and the list"
    assert 'href="/cases/?q=%E5%81%9C%E7%94%B5%20%E9%97%A8%E5%8F%A3"' in shown


def test_open_last_is_resolved_with_the_rights_of_the_moment(office: Office) -> None:
    first, second = office.until("handling"), office.until("handling")
    elsewhere = office.until("submitted", "b")
    recent = ",".join(f"case:{pk}" for pk in (second.pk, elsewhere.pk, first.pk, 999999))
    shown = piece(office, "handler", recent=recent)
    assert shown.index(second.number) < shown.index(first.number)
    assert elsewhere.number not in shown
    assert "/firms/" not in shown
    assert "href" not in piece(office, "worker", recent=recent)


@pytest.mark.parametrize("recent", ["case:", "case:1,", "1", "case:" + "9" * 19, ",".join(["case:1"] * 7)])
def test_what_was_never_remembered_is_nothing(recent: str) -> None:
    assert FindForm({"recent": recent}).sought().recent == ()


def test_a_confidential_case_is_found_by_those_who_work_on_it(office: Office) -> None:
    case = secret(office, confidential=True)
    for given in ({"q": case.number}, {"q": "索要"}, {"recent": f"case:{case.pk}"}):
        assert case.number in piece(office, "handler", **given)
        for name in ("supervisor", "leader", "worker"):
            assert case.number not in piece(office, name, **given), name


def test_a_protected_reporter_is_named_to_nobody_who_may_not_know(office: Office) -> None:
    case = secret(office, protected=True)
    for given in ({"q": case.number}, {"recent": f"case:{case.pk}"}):
        shown = piece(office, "handler", **given)
        assert PROTECTED in shown
        assert "示例一号" not in shown
    assert case.number not in piece(office, "handler", q="示例一号"), "nor is the case found by the name"
    assert "示例一号厂" in piece(office, "district", q=case.number)


def test_it_asks_as_often_for_many_rows_as_for_few(office: Office) -> None:
    client, address = signed_in(office, "district"), reverse("workbench:find")

    def asked(**given: str) -> int:
        client.get(address, {"part": "", **given})  # what is read once and kept
        with CaptureQueriesContext(connection) as found:
            client.get(address, {"part": "", **given})
        return len(found)

    one = office.case(text="示例一号厂停电")
    few = asked(q="示例"), asked(recent=f"case:{one.pk}")
    more = [office.case(text=f"示例一号厂停电，第{number}次说").pk for number in range(5)]
    assert (asked(q="示例"), asked(recent=",".join(f"case:{pk}" for pk in more))) == few
    assert few[0] <= 24, "who is there, and a few for each kind"


def test_without_script_it_is_a_page_with_a_field(office: Office) -> None:
    case = office.until("handling")
    client = signed_in(office, "handler")
    page = client.get(reverse("workbench:find"), {"q": case.number}).content.decode()
    assert f'href="/cases/{case.pk}/"' in page
    assert f'value="{case.number}"' in page
    assert "data-palette-open" in page
    assert "请至少输入两个字" in client.get(reverse("workbench:find")).content.decode()
    assert (
        "没有含这些词的诉求、企业或先例"
        in client.get(reverse("workbench:find"), {"q": "无此词"}).content.decode()
    )

"""The pages of precedents and canned answers: what they show, and the way from a case to an answer."""

from __future__ import annotations

import io

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from tests.insight import scenes
from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.insight.models import Precedent, Use


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def page(office: Office, who: str, name: str, *args: int, query: str = "") -> str:
    answer = signed_in(office, who).get(reverse(name, args=args) + query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_every_page_of_a_precedent_is_shown(office: Office) -> None:
    row, draft, review = scenes.published(office), scenes.draft(office), scenes.in_review(office)
    assert row.title in page(office, "worker", "insight:list")
    assert "insight/make" not in page(office, "worker", "insight:list", query="?q=退税")
    shown = page(office, "worker", "insight:detail", row.pk)
    assert row.answer in shown
    assert row.case.number not in shown, "from which case is not told to everybody"
    assert row.case.number in page(office, "handler", "insight:detail", row.pk)
    assert row.answer in page(office, "worker", "insight:print", row.pk)
    for name, who, which in (
        ("edit", "handler", draft), ("send", "handler", draft), ("publish", "head", review),
        ("send_back", "head", review), ("renew", "head", row), ("withdraw", "head", row),
    ):  # fmt: skip
        page(office, who, f"insight:{name}", which.pk)
    page(office, "handler", "insight:make", scenes.closed(office).pk)
    page(office, "head", "workbench:home")


def test_the_list_leaves_as_it_is_shown(office: Office) -> None:
    row = scenes.published(office)
    scenes.draft(office)
    content = signed_in(office, "worker").get(reverse("insight:export")).content
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cells[0] for cells in sheet.iter_rows(min_row=2, values_only=True)] == [row.title]


def test_from_the_case_to_the_answer(office: Office) -> None:
    row, case = scenes.published(office), office.until("handling")
    canned = scenes.canned(office)
    shown = page(office, "handler", "cases:detail", case.pk)
    assert row.title in shown
    assert f"begin=insight.canned:{canned.pk}" in shown
    client = signed_in(office, "handler")
    answer = client.post(reverse("insight:use", args=[case.pk]), {"precedent": row.pk}, follow=True)
    assert row.answer in answer.content.decode()
    assert answer.redirect_chain[0][0].startswith(reverse("cases:answer", args=[case.pk]))
    assert Use.objects.count() == 1
    text = page(office, "handler", "cases:note", case.pk, query=f"?begin=insight.canned:{canned.pk}")
    assert "示例一号厂" in text
    for given in ({}, {"precedent": "x"}, {"precedent": 10**30}):
        assert client.post(reverse("insight:use", args=[case.pk]), given).status_code == 404


def test_a_firm_is_shown_it_while_it_writes_and_says_that_it_helped(office: Office) -> None:
    row = scenes.published(office)
    client = signed_in(office, "firm_b")
    given = {"firm": office.firms["b"].pk, "text": "厂区外道路破损，大货车进不来。"}
    piece = client.post(reverse("cases:own_alike"), given).content.decode()
    assert reverse("insight:solved", args=[row.pk]) in piece
    shown = client.get(reverse("insight:solved", args=[row.pk])).content.decode()
    assert row.answer in shown
    assert row.case.number not in shown
    assert "htmx" not in shown
    assert client.post(reverse("insight:solved", args=[row.pk])).status_code == 302
    assert Precedent.objects.get(pk=row.pk).helped == 1


def test_canned_answers_are_shown_added_and_read_for_a_case(office: Office) -> None:
    row, case = scenes.canned(office), office.until("handling")
    assert row.title in page(office, "head", "insight:canned")
    page(office, "worker", "insight:canned")
    shown = page(office, "handler", "insight:canned_answer", row.pk, query=f"?case={case.number}")
    assert "示例一号厂" in shown
    shown = page(office, "handler", "insight:canned_answer", row.pk, query="?case=X-1")
    assert "没有这个编号" in shown
    for name in ("change_canned", "drop_canned"):
        page(office, "handler", f"insight:{name}", row.pk)
    page(office, "handler", "insight:add_canned")
    given = {"department": office.units["industry"].pk, "title": "新", "text": "{{nobody}}"}
    answer = signed_in(office, "handler").post(reverse("insight:add_canned"), given)
    assert "nobody" in answer.content.decode()
    assert answer.status_code == 200


def test_hostile_words_stay_words(office: Office) -> None:
    row = scenes.published(office, title="<script>一", question="<b>二", answer="{{firm}}<img src=x>三")
    for who, name in (
        ("worker", "insight:detail"),
        ("worker", "insight:print"),
        ("firm_a", "insight:solved"),
    ):
        shown = page(office, who, name, row.pk)
        assert "<script>一" not in shown
        assert "<img src=x>" not in shown
    canned = scenes.canned(office, text='"><img src=x onerror=y>')
    case = office.until("handling")
    assert "<img src=x" not in page(office, "handler", "cases:answer", case.pk)
    assert canned.title in page(office, "handler", "cases:answer", case.pk)

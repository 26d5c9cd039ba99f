"""From what was pasted or dropped to cases, page by page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.drafts.sheets import HEAD, xlsx
from tests.drafts.test_receiving import NOTE, drop, paste
from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.core import clock
from zhitong.drafts.models import Draft, Lot

LIGHT = [1, "示例一号厂", "路灯坏了", "李先生", *[""] * 6]
HOLE = [2, "示例一号厂", "路面有坑", "李先生", *[""] * 6]
NOTHING = [3, "示例一号厂", "", "李先生", *[""] * 6]


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def chosen(drafts: list[Draft]) -> list[str]:
    return [f"{draft.pk}:{draft.version}" for draft in drafts]


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_chat_is_pasted_corrected_and_entered(office: Office, unit: Any) -> None:
    client = signed_in(office, "district")
    given = {"text": NOTE, "channel": "chat", "unit": unit.pk, "key": "a"}
    answer = client.post(reverse("drafts:paste"), given)
    draft = Draft.objects.get()
    assert answer.url == reverse("drafts:draft", args=[draft.pk])
    page = client.get(answer.url)
    form = page.context["form"]
    sent = {field.html_name: field.value() for field in form if field.value() not in (None, False)}
    assert sent["contact"] == "陈经理"
    client.post(answer.url, sent | {"title": "厂区跳闸"})
    draft.refresh_from_db()
    assert draft.title == "厂区跳闸"
    way = {"kind": "normal", "lead": office.units["industry"].pk, "version": draft.version, "key": "b"}
    done = client.post(reverse("drafts:enter", args=[draft.pk]), way, follow=True)
    case = Case.objects.get()
    assert (case.title, case.state, case.lead) == ("厂区跳闸", "dispatched", office.units["industry"])
    assert case.number in words(done)


def test_rows_of_a_file_are_entered_and_charged_in_one_go(office: Office, unit: Any) -> None:
    client = signed_in(office, "district")
    given = {"file": xlsx(LIGHT, HOLE, NOTHING, head=HEAD), "channel": "visit", "unit": unit.pk, "key": "a"}
    answer = client.post(reverse("drafts:sheet"), given, follow=True)
    lot = Lot.objects.get()
    assert answer.redirect_chain[-1][0] == f"{reverse('drafts:list')}?lot={lot.pk}"
    drafts = list(lot.drafts.order_by("line"))
    before = client.get(reverse("drafts:many"), {"step": "enter", "draft": chosen(drafts)})
    assert [bool(row.against) for row in before.context["chosen"].rows] == [False, False, True]
    way = {"step": "enter", "draft": chosen(drafts), "kind": "normal", "key": "b"}
    way["lead"] = office.units["works"].pk
    receipt = client.post(reverse("drafts:many"), way).context["receipt"]
    assert [row.done for row in receipt] == [True, True, False]
    assert [case.lead for case in Case.objects.all()] == [office.units["works"]] * 2
    again = client.post(reverse("drafts:many"), way | {"key": "c"})
    assert again.status_code == 409, "none of them waits any more"
    assert Case.objects.count() == 2


def test_each_row_may_go_to_the_department_it_names(office: Office, unit: Any) -> None:
    named = [1, "示例一号厂", "路灯坏了", "李先生", "", "", "示例市城管委", "", "", ""]
    drafts = drop(office, unit, named, HOLE)
    client = signed_in(office, "district")
    sent = {"step": "enter", "draft": chosen(drafts), "kind": "normal", "own_lead": "on", "key": "b"}
    sent["lead"] = office.units["industry"].pk
    client.post(reverse("drafts:many"), sent)
    leads = dict(Case.objects.values_list("text", "lead__name"))
    assert leads["路灯坏了"] == office.units["works"].name
    without = client.post(
        reverse("drafts:many"), sent | {"kind": "", "draft": chosen(drop(office, unit, HOLE))}
    )
    assert "kind" in without.context["form"].errors


def test_dropping_gives_a_reason_and_can_be_taken_back(office: Office, unit: Any) -> None:
    drafts = drop(office, unit, LIGHT, HOLE)
    client = signed_in(office, "district")
    sent = {"step": "drop", "draft": chosen(drafts), "key": "b"}
    assert "reason" in client.post(reverse("drafts:many"), sent).context["form"].errors
    client.post(reverse("drafts:many"), sent | {"reason": "广告"})
    assert not client.get(reverse("drafts:list")).context["page_obj"].object_list
    shown = client.get(reverse("drafts:list"), {"state": "dropped"}).context["page_obj"].object_list
    assert list(shown) == drafts
    client.post(reverse("drafts:many"), {"step": "restore", "draft": chosen(shown), "key": "c"})
    assert set(Draft.objects.values_list("state", "reason")) == {("open", "")}


def test_filters_narrow_the_list(office: Office, unit: Any) -> None:
    drop(office, unit, LIGHT, HOLE, NOTHING)
    client = signed_in(office, "district")
    texts = {
        query: [draft.text for draft in client.get(f"{reverse('drafts:list')}?{query}").context["page_obj"]]
        for query in ("q=路灯", "remark=error", "q=飞机", "remark=nonsense")
    }
    assert texts == {
        "q=路灯": ["路灯坏了"],
        "remark=error": [""],
        "q=飞机": [],
        "remark=nonsense": texts["remark=nonsense"],
    }
    assert len(texts["remark=nonsense"]) == 3, "an unknown filter narrows nothing"


@pytest.mark.parametrize("name", ["draft", "enter"])
def test_another_units_draft_is_not_there(office: Office, unit: Any, name: str) -> None:
    draft = paste(office, unit)
    assert signed_in(office, "handler").get(reverse(f"drafts:{name}", args=[draft.pk])).status_code == 404
    client = signed_in(office, "handler")
    receipt = client.post(reverse("drafts:many"), {"step": "drop", "draft": chosen([draft]), "reason": "x"})
    assert receipt.status_code == 404
    assert Draft.objects.get().state == "open"


def test_a_file_that_is_no_table_is_refused_beside_its_input(office: Office, unit: Any) -> None:
    file = SimpleUploadedFile("a.xlsx", b"no table")
    answer = signed_in(office, "district").post(
        reverse("drafts:sheet"), {"file": file, "channel": "visit", "unit": unit.pk, "key": "a"}
    )
    assert answer.context["form"].errors["file"]
    assert not Lot.objects.exists()

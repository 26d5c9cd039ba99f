"""What came in becomes drafts: read, matched with firms, marked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.drafts.sheets import HEAD, xlsx
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import services as case_services
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.core.models import AuditEvent
from zhitong.core.sealing import unseal
from zhitong.drafts import pages, reading, services
from zhitong.drafts.models import Draft, Lot
from zhitong.drafts.services.receiving import PLACE
from zhitong.enterprises import services as enterprise_services

NOTE = "陈经理 2026/06/04 9:31\n您好\n我们是示例一号厂，厂区今天上午又跳闸，停产半天\n电话 13800001234 麻烦了"


def paste(office: Office, unit: Any, text: str = NOTE, by: str = "district") -> Draft:
    given = reading.pasted(text, channel="chat", now=NOW)
    return services.receive(by=office.actor(by), now=NOW, given=given, unit=unit).drafts.get()


def drop(office: Office, unit: Any, *rows: list[Any], head: list[str] = HEAD) -> list[Draft]:
    given = reading.sheet(xlsx(*rows, head=head), channel="visit")
    return list(services.receive(by=office.actor("district"), now=NOW, given=given, unit=unit).drafts.all())


def sentences(draft: Draft) -> list[str]:
    return [f"{remark.weight}: {remark.sentence}" for remark in pages.remarks(draft)]


def test_a_pasted_chat_becomes_a_draft_with_its_firm(office: Office, unit: Any) -> None:
    draft = paste(office, unit)
    assert draft.firm == office.firms["a"]
    assert draft.contact == "陈经理"
    assert draft.text == "我们是示例一号厂，厂区今天上午又跳闸，停产半天"
    assert unseal(draft.phone_sealed, place=PLACE) == "13800001234"
    assert "13800001234" not in draft.raw
    assert "138****1234" in draft.raw
    assert sentences(draft) == []


def test_a_firm_is_found_by_the_number_of_its_contact_person(office: Office, unit: Any) -> None:
    enterprise_services.add_contact_person(
        by=SEEDER, now=NOW, enterprise=office.firms["a"], name="示例联系人", duty="", phone="13800001234"
    )
    draft = paste(office, unit, "13800001234 反映：路面积水，货车进不来")
    assert draft.firm == office.firms["a"]
    assert sentences(draft) == ["doubt: 企业未写明，系根据联系人电话号码找到，请核对。"]


def test_another_districts_firm_is_not_told(office: Office, unit: Any) -> None:
    draft = paste(office, unit, "企业：示例二号厂\n路灯坏了")
    assert draft.firm is None
    assert sentences(draft) == ["doubt: 企业库中没有“示例二号厂”。请查找企业，或仅保留反映人姓名。"]


def test_rows_of_a_list_become_drafts_with_what_is_against_them(office: Office, unit: Any) -> None:
    known = office.case(text="厂区北侧道路破损，货车无法通行，请尽快修复。")
    rows = drop(
        office,
        unit,
        [
            1,
            "示例一号厂",
            "招不到熟练焊工，请帮助组织招聘会",
            "林女士",
            "0591-87654321",
            "2026-06-03",
            "示例市工信局",
            "A-1",
            "",
            "",
        ],
        [2, "示例一号厂", "厂区北侧道路破损，货车无法通行，请尽快修复", "", "", "", "", "", "", ""],
        [3, "没有这家公司", "贷款到期续不上", "王先生", "12", "某天", "没有这个局", "A-1", "是", "x"],
        [4, "", "", "李先生", "", "", "", "", "", ""],
        [5, "示例一号厂", "招不到熟练焊工，请帮助组织招聘会", "", "", "2027-01-01", "", "", "", ""],
    )
    assert [row.line for row in rows] == [3, 4, 5, 6, 7]
    first, second, third, fourth, fifth = rows
    assert (first.weight, first.lead, first.firm) == ("", office.units["industry"], office.firms["a"])
    assert first.said_at is not None
    assert sentences(second) == [f"twin: 与诉求 {known.number} 似为同一事项，相似度 100%。"]
    assert second.near == known
    assert third.urgent
    assert sentences(third) == [
        "doubt: 时间“某天”无法识别，请写成 2026-06-05 09:30。",
        "doubt: 没有名为“没有这个局”的单位。",
        "doubt: “****12”不是电话号码。",
        "doubt: 企业库中没有“没有这家公司”。请查找企业，或仅保留反映人姓名。",
        "error: 编号 A-1 在第 3 行已出现。",
    ]
    assert sentences(fourth) == ["error: 没有写明什么问题。"]
    assert sentences(fifth) == ["error: 时间在将来。", "twin: 与第 3 行内容相同。"]
    assert Lot.objects.get().unread == ["序号", "备注"]


def test_a_row_of_anothers_firm_is_no_twin(office: Office, unit: Any) -> None:
    office.case("b", text="厂区北侧道路破损，货车无法通行，请尽快修复。")
    row = drop(office, unit, [1, "示例一号厂", "厂区北侧道路破损，货车无法通行，请尽快修复", *[""] * 7])[0]
    assert row.weight == ""


def test_a_confidential_case_is_never_named(office: Office, unit: Any) -> None:
    text = "厂区北侧道路破损，货车无法通行，请尽快修复。"
    case_services.submit(
        by=office.actor("firm_a"), now=NOW, draft=case_services.Draft(text=text, confidential=True),
        firm=office.firms["a"],
    )  # fmt: skip
    row = drop(office, unit, [1, "示例一号厂", text, *[""] * 7])[0]
    assert row.weight == ""


def test_a_number_of_another_platform_comes_in_once(office: Office, unit: Any) -> None:
    draft = case_services.Draft(text="路灯坏了", channel="hotline", original_number="FZ-7", reporter="x")
    case = case_services.register(by=office.actor("district"), now=NOW, draft=draft)
    rows = drop(
        office, unit, ["12345热线", "FZ-7", "路灯不亮", "x"], ["走访", "FZ-7", "灯不亮了", "x"],
        head=["来源", "工单编号", "问题描述", "联系人"],
    )  # fmt: skip
    assert [row.channel for row in rows] == ["hotline", "visit"]
    assert sentences(rows[0]) == [f"error: 编号 FZ-7 已登记为诉求 {case.number}。"]
    assert rows[1].weight == ""
    with pytest.raises(FieldError, match="come in already"):
        case_services.register(by=office.actor("district"), now=NOW, draft=draft)


def test_a_file_comes_in_once_a_unit(office: Office, unit: Any) -> None:
    given = reading.sheet(xlsx([1, "示例一号厂", "路灯坏了", *[""] * 7]), channel="visit")
    services.receive(by=office.actor("district"), now=NOW, given=given, unit=unit)
    with pytest.raises(FieldError, match="has come in already"):
        services.receive(by=office.actor("district"), now=NOW, given=given, unit=unit)
    assert Lot.objects.count() == 1


@pytest.mark.parametrize(
    ("head", "why"),
    [(["企业名称", "备注"], "No column holds the trouble"), (["甲", "乙"], "No column holds")],
)
def test_a_list_without_the_trouble_is_refused(office: Office, unit: Any, head: list[str], why: str) -> None:
    with pytest.raises(FieldError, match=why):
        reading.sheet(xlsx(["示例一号厂", "x"], head=head), channel="visit")


def test_one_takes_down_for_ones_own_unit(office: Office, unit: Any) -> None:
    with pytest.raises(NotPermittedError):
        paste(office, office.units["other"])
    with pytest.raises(NotPermittedError):
        paste(office, unit, by="supervisor")


def test_one_event_a_lot(office: Office, unit: Any) -> None:
    before = AuditEvent.objects.count()
    drop(office, unit, *[[number, "示例一号厂", f"第{number}件事", *[""] * 7] for number in range(9)])
    event = AuditEvent.objects.latest("id")
    assert AuditEvent.objects.count() == before + 1
    assert (event.action, json.loads(event.payload)["rows"]) == ("drafts.receive", 9)

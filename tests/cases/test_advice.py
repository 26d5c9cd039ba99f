"""Suggested leads: by the words of duties, by cases like it, with the person who has the least; only suggested."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import advice, services
from zhitong.cases.models import Case
from zhitong.core import data
from zhitong.orgs import services as org_services

WATER = "厂区门前路面坑洼积水，货车无法通行。"
POWER = "夜间跳闸停电，生产线停产。"


def said(office: Office, text: str, **given: object) -> Case:
    draft = services.Draft(text=text, **given)
    case = services.submit(by=office.actor("firm_a"), now=NOW, draft=draft, firm=office.firms["a"])
    return services.accept(by=office.actor("district"), now=NOW, case=case, kind="normal")


def answered(office: Office, text: str, lead: str, **given: object) -> Case:
    """A case that a department has answered."""
    case = said(office, text, **given)
    who, head = {"works": ("worker", "workhead"), "industry": ("handler", "head")}[lead]
    given = {"lead": office.units[lead], "person": office.users[who]}
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)
    case = services.start(by=office.actor(who), now=NOW, case=case)
    case = services.answer(by=office.actor(who), now=NOW, case=case, text="已处理。", outcome="solved")
    return services.approve(by=office.actor(head), now=NOW, case=case)


def codes(office: Office, case: Case) -> list[str]:
    found = advice.suggest(office.actor("district"), case, NOW)
    return [row.department.local_code for row in found]


def test_the_words_of_a_duty_name_the_department(office: Office) -> None:
    case = said(office, WATER)
    [row] = advice.suggest(office.actor("district"), case, NOW)
    assert row.department == office.units["works"]
    assert row.reasons == ["职责“道路、排水、路灯、市容”：路面、坑洼、积水"]


def test_cases_like_it_name_who_answered_them(office: Office) -> None:
    before = answered(office, "示例桥头堵车，班车迟到四十分钟。", "works")
    case = said(office, "桥头堵车，班车又迟到了。")
    [row] = advice.suggest(office.actor("district"), case, NOW)
    assert (row.department, row.near, row.words) == (office.units["works"], [before], [])


def test_both_kinds_of_reasons_weigh_more_than_one(office: Office) -> None:
    for _ in range(2):
        answered(office, f"路面坑洼积水。{next(office.told)}", "industry")
    assert codes(office, said(office, "路面坑洼积水，难以通行。")) == ["industry", "works"]


def test_a_confidential_case_is_no_reason(office: Office) -> None:
    answered(office, "桥头堵车，班车迟到。", "works", confidential=True)
    assert codes(office, said(office, "桥头堵车，班车又迟到。")) == []


def test_a_unit_that_must_not_learn_of_it_is_not_suggested(office: Office) -> None:
    assert codes(office, said(office, WATER, accused=office.units["works"])) == []


def test_neither_the_present_lead_nor_another_district_is_suggested(office: Office) -> None:
    case = answered(office, WATER, "works")
    assert codes(office, Case.objects.select_related("intake").get(pk=case.pk)) == []
    unit = org_services.create_department(
        by=SEEDER, now=NOW, name="另一区城管局", name_en="Other District Works", tier="county",
        local_code="works-b", parent=office.units["other"], region="", intake=False,
    )  # fmt: skip
    user = org_services.create_staff(by=SEEDER, now=NOW, username="far", name="示例远")
    org_services.add_post(by=SEEDER, now=NOW, user=user, department=unit, role="handler")
    theirs = answered(office, "桥头堵车，班车迟到。", "works")
    Case.objects.filter(pk=theirs.pk).update(lead=unit, accountable=unit)
    assert codes(office, said(office, "桥头堵车，班车又迟到了。")) == []


def test_where_nothing_fits_nothing_is_suggested(office: Office) -> None:
    assert codes(office, said(office, "想了解一下。")) == []


def test_the_person_with_the_fewest_open_cases_is_named(office: Office) -> None:
    for _ in range(2):
        case = said(office, f"其他事。{next(office.told)}")
        given = {"lead": office.units["industry"], "person": office.users["handler"]}
        services.dispatch(by=office.actor("district"), now=NOW, case=case, **given)
    [row] = advice.suggest(office.actor("district"), said(office, POWER), NOW)
    assert (row.person, row.open_cases) == (office.users["colleague"], 0)
    org_services.delegate(
        by=SEEDER, now=NOW, absentee=office.users["colleague"], stand_in=office.users["handler"],
        since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), reason="年休假",
    )  # fmt: skip
    [row] = advice.suggest(office.actor("district"), said(office, POWER + "又"), NOW)
    assert (row.person, row.open_cases) == (office.users["handler"], 2)


def test_a_unit_of_the_firms_district_stands_first(office: Office) -> None:
    unit = org_services.create_department(
        by=SEEDER, now=NOW, name="示例区工信局", name_en="District Industry", tier="county",
        local_code="industry-2", parent=office.units["district"], region="", intake=False,
    )  # fmt: skip
    user = org_services.create_staff(by=SEEDER, now=NOW, username="near", name="示例近")
    org_services.add_post(by=SEEDER, now=NOW, user=user, department=unit, role="handler")
    near = "桥头堵车，班车迟到"
    for lead, who in (("industry", "handler"), ("industry-2", "near")):
        case = said(office, f"{near}。{next(office.told)}")
        target = unit if lead == "industry-2" else office.units["industry"]
        case = services.dispatch(
            by=office.actor("district"), now=NOW, case=case, lead=target, person=office.users.get(who, user)
        )
        Case.objects.filter(pk=case.pk).update(state="reviewed", answer="x", outcome="solved")
    rows = advice.suggest(office.actor("district"), said(office, near), NOW)
    assert [row.department for row in rows] == [unit, office.units["industry"]]
    assert "属企业所在县（市）区。" in rows[0].reasons


@pytest.mark.parametrize("stem", data.stems("duties"))
def test_the_catalogue_is_whole(stem: str) -> None:
    table = data.read("duties", stem)
    keys = [row["key"] for row in table["duty"]]
    words = [word for row in table["duty"] for word in row["words"]]
    assert len(set(keys)) == len(keys)
    assert len(set(words)) == len(words), "a word names one duty"
    assert all(row["units"] and set(row["label"]) == {"zh", "en"} for row in table["duty"])
    assert advice.matching("没有", date(2026, 6, 5)) == []


def passed_to_the_city(office: Office, *, desk: str = "district") -> Case:
    """A case whose duty nobody can name, before the city's dispatcher; its firm's district has a desk."""
    user = org_services.create_staff(by=SEEDER, now=NOW, username="desk", name="示例区经办")
    org_services.add_post(by=SEEDER, now=NOW, user=user, department=office.units[desk], role="handler")
    case = said(office, "想了解一下。")
    Case.objects.filter(pk=case.pk).update(intake=office.units["city"], accountable=office.units["city"])
    return Case.objects.select_related("intake", "enterprise").get(pk=case.pk)


def for_the_city(office: Office, case: Case) -> list[advice.Suggestion]:
    return advice.suggest(office.actor("dispatcher"), case, NOW)


def test_where_no_duty_fits_the_firms_own_district_looks_first(office: Office) -> None:
    [row] = for_the_city(office, passed_to_the_city(office))
    assert row.department == office.units["district"]
    assert row.reasons == ["职责目录中没有相符单位，先由企业所在县（市）区（园区）办理（派单目录）。"]


def test_another_district_is_not_the_firms_own(office: Office) -> None:
    assert for_the_city(office, passed_to_the_city(office, desk="other")) == []


def test_a_bureau_of_the_district_stands_for_it_where_the_district_itself_has_no_desk(office: Office) -> None:
    office.units["bureau"] = org_services.create_department(
        by=SEEDER, now=NOW, name="示例区工信局", name_en="District Industry", tier="county",
        local_code="industry-2", parent=office.units["district"], region="", intake=False,
    )  # fmt: skip
    [row] = for_the_city(office, passed_to_the_city(office, desk="bureau"))
    assert row.department == office.units["bureau"]


def test_the_district_is_not_suggested_to_itself_nor_against_what_speaks_for_a_unit(office: Office) -> None:
    case = passed_to_the_city(office)
    Case.objects.filter(pk=case.pk).update(text=POWER)
    case.text = POWER
    assert [row.department for row in for_the_city(office, case)] == [office.units["industry"]]
    assert codes(office, said(office, "又想了解一下。")) == [], "the district takes it in itself"


@pytest.mark.parametrize(
    ("action", "unit"), [("pass_up", "district"), ("pass_up", "other"), ("object", "district")]
)
def test_a_district_that_has_looked_and_passed_it_up_or_objected_is_not_named(
    office: Office, action: str, unit: str
) -> None:
    """Whichever unit of the place passed it up: a park does so to its district, the district to the city."""
    case = passed_to_the_city(office)
    case.entries.create(
        at=NOW, action=action, by_label="x", department=office.units[unit], visibility="internal",
        from_state="accepted", to_state="accepted",
    )  # fmt: skip
    assert for_the_city(office, case) == []


def test_the_rule_is_a_switch(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = passed_to_the_city(office)
    table = advice.catalogue(date(2026, 6, 5)) | {"district": {"suggest": False, "tiers": ["county"]}}
    monkeypatch.setattr(advice, "catalogue", lambda _day: table)
    assert for_the_city(office, case) == []

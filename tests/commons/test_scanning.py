from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.commons import rows
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.commons import scanning, services
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.tasks import Look
from zhitong.core import outbox
from zhitong.core.actor import system
from zhitong.core.errors import FasterError, NotPermittedError, RefusedError
from zhitong.orgs.models import Notice

LATER = NOW + timedelta(hours=1)


def the_only() -> CommonProblem:
    return CommonProblem.objects.get()


def test_one_matter_of_four_firms_is_proposed_and_told_once(office: Office) -> None:
    cases = rows.cuts()
    other = [rows.told(text, rows.firm(10 + at)) for at, text in enumerate(rows.ELSE)]
    assert Look().run(LATER) == "1 proposed, 0 cases added"
    problem = the_only()
    assert (problem.kind, problem.entity, problem.department) == (
        "park",
        "云塘园区",
        office.units["district"],
    )
    assert set(rows.all_members(problem)) == {case.pk for case in cases}
    assert problem.leading_id in {case.pk for case in cases}
    assert any("停产" in word for word in problem.shared)
    assert not CommonMember.objects.filter(case__in=other).exists()
    assert not Case.objects.exclude(merged_into=None).exists()
    outbox.drain(now=LATER)
    assert Look().run(LATER + timedelta(hours=1)) == ""
    outbox.drain(now=LATER + timedelta(hours=1))
    told = Notice.objects.filter(subject=f"common:{problem.pk}")
    assert [row.user for row in told] == [office.users["district"]]


@pytest.mark.parametrize("count", [1, 2])
def test_too_few_firms_are_none(office: Office, count: int) -> None:
    for number, text in enumerate(rows.CUTS[:count]):
        rows.told(text, rows.firm(number))
    # One firm that says it again counts once.
    rows.told(rows.CUTS[3], rows.firm(9) if count == 1 else Case.objects.last().enterprise)
    assert Look().run(LATER) == ""


def test_what_is_not_for_everybody_takes_no_part(office: Office) -> None:
    cases = rows.cuts()
    Case.objects.filter(pk=cases[0].pk).update(confidential=True)
    Case.objects.filter(pk=cases[1].pk).update(confidential=True, protected=True)
    assert Look().run(LATER) == ""


def test_old_withdrawn_and_firmless_cases_take_no_part(office: Office) -> None:
    cases = rows.cuts()
    Case.objects.filter(pk=cases[0].pk).update(enterprise=None)
    assert len(scanning.look(LATER).proposals) == 1
    Case.objects.filter(pk=cases[1].pk).update(state="withdrawn", ended_at=NOW, clock="", due_at=None,
                                               clock_started_at=None)  # fmt: skip
    assert scanning.look(LATER).proposals == []
    other = [rows.told(text, rows.firm(20 + at)) for at, text in enumerate(rows.CUTS)]
    assert len(scanning.look(LATER).proposals) == 1
    assert scanning.look(NOW + timedelta(days=40)).proposals == []
    assert len(other) == 4


def test_entries_of_one_firm_count_once(office: Office) -> None:
    cases = rows.cuts()
    firms = [case.enterprise for case in cases]
    for firm in firms[1:3]:
        type(firm).objects.filter(pk=firm.pk).update(merged_into=firms[0])
    assert Look().run(LATER) == ""


def test_cases_of_several_units_go_to_the_unit_above_them(office: Office) -> None:
    for number, text in enumerate(rows.CUTS):
        rows.told(text, rows.firm(number, region=("350111", "350105")[number % 2]))
    Look().run(LATER)
    assert the_only().department == office.units["city"]


def test_the_park_of_a_firm_ties_its_case(office: Office) -> None:
    texts = ["昨天停电，生产线停产。", "停电三次，生产线停产。", "又停电，生产线停产半天。"]
    park = office.units["district"]
    type(park).objects.filter(pk=park.pk).update(tier="park", name="云塘园区")
    for number, text in enumerate(texts):
        firm = rows.firm(number)
        type(firm).objects.filter(pk=firm.pk).update(park=park)
        rows.told(text, firm)
    found = scanning.look(LATER).proposals
    assert [row.group.entity.name for row in found] in (["云塘园区"], ["工业用电"])


def test_newcomers_are_added_to_an_open_problem(office: Office) -> None:
    rows.cuts()
    Look().run(LATER)
    new = rows.told("云塘园区今天停电，生产线停产，请处理。", rows.firm(8))
    rows.told(rows.ELSE[0], rows.firm(9))
    assert Look().run(LATER) == "0 proposed, 1 cases added"
    assert rows.all_members(the_only())[new.pk].standing == "new"
    assert Look().run(LATER) == ""


def test_a_dismissed_set_is_not_proposed_again(office: Office) -> None:
    rows.cuts()
    Look().run(LATER)
    by = office.actor("district")
    services.dismiss(by=by, now=LATER, problem=the_only(), reason="各自原因不同。")
    assert Look().run(LATER) == ""
    for number in (8, 9):
        rows.told(f"云塘园区停电，生产线停产，第{number}次。", rows.firm(number))
    assert Look().run(LATER) == ""
    rows.told("云塘园区停电，生产线停产，请看一看。", rows.firm(11))
    assert Look().run(LATER) == "1 proposed, 0 cases added"


def test_who_was_left_out_is_not_added_again(office: Office) -> None:
    cases = [rows.accepted(office, case) for case in rows.cuts()]
    Look().run(LATER)
    problem = the_only()
    decided = services.Decided("停电", office.units["industry"], cases[0], [case.pk for case in cases[:3]])
    services.confirm(by=office.actor("district"), now=LATER, problem=problem, decided=decided)
    assert Look().run(LATER) == ""
    assert rows.all_members(problem)[cases[3].pk].standing == "out"


def test_what_is_handled_in_one_case_already_is_not_proposed(office: Office) -> None:
    cases = [rows.accepted(office, case) for case in rows.cuts()]
    for case in cases[1:]:
        case_services.merge(by=office.actor("district"), now=NOW, case=case, main=cases[0], reason="同一事")
    assert Look().run(LATER) == ""


def test_only_the_system_proposes(office: Office) -> None:
    cases = rows.cuts()
    given = {"now": NOW, "department": office.units["district"], "leading": cases[0], "members": {}}
    with pytest.raises(NotPermittedError):
        services.propose(by=office.actor("district"), entity=scanning.Entity("park", "x"), **given)


def test_a_case_in_an_open_problem_is_in_no_second_one(office: Office) -> None:
    cases = rows.cuts()
    problem = rows.proposed(cases[:2], office.units["district"])
    with pytest.raises(FasterError):
        rows.proposed(cases[1:], office.units["district"])
    with pytest.raises(FasterError):
        services.add(by=system("tick"), now=NOW, problem=problem, members={cases[0].pk: 0.5})
    services.dismiss(by=office.actor("district"), now=NOW, problem=problem, reason="不是一件事")
    problem.refresh_from_db()
    with pytest.raises(RefusedError):
        services.add(by=system("tick"), now=NOW, problem=problem, members={cases[3].pk: 0.5})


def test_a_look_asks_as_often_for_many_cases_as_for_few(office: Office) -> None:
    rows.cuts()
    Look().run(LATER)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            scanning.look(LATER)
        return len(caught)

    few = asked()
    for number in range(30, 45):
        rows.told(f"{rows.ELSE[number % 4]}第{number}件。", rows.firm(number))
    assert asked() == few <= 5

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import Http404

from tests.commons import rows
from tests.support.office import NOW, Office
from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.commons import queries, services
from zhitong.commons.models import CommonProblem
from zhitong.commons.panels import CasePanel, DeskPanel
from zhitong.core import outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.enterprises.models import Enterprise
from zhitong.orgs.models import Notice


@pytest.fixture
def cases(office: Office) -> list[Case]:
    return [rows.accepted(office, case) for case in rows.cuts()]


@pytest.fixture
def problem(office: Office, cases: list[Case]) -> CommonProblem:
    return rows.proposed(cases, office.units["district"])


def confirmed(
    office: Office, problem: CommonProblem, chosen: list[Case], by: str = "district", **more: Any
) -> CommonProblem:
    given = {
        "title": "云塘园区停电", "lead": office.units["industry"], "leading": chosen[0],
        "cases": [case.pk for case in chosen],
    } | more  # fmt: skip
    return services.confirm(by=office.actor(by), now=NOW, problem=problem, decided=services.Decided(**given))


def answered(office: Office, case: Case) -> Case:
    case = case_services.start(by=office.actor("handler"), now=NOW, case=case)
    case = case_services.answer(
        by=office.actor("handler"), now=NOW, case=case, text="线路已改造。", outcome="solved"
    )
    return case_services.approve(by=office.actor("head"), now=NOW, case=case)


def test_confirmed_cases_have_one_lead_follow_it_and_are_answered_together(
    office: Office, problem: CommonProblem, cases: list[Case]
) -> None:
    found = confirmed(office, problem, cases)
    assert (found.state, found.lead, found.leading_id) == ("confirmed", office.units["industry"], cases[0].pk)
    leading = Case.objects.get(pk=cases[0].pk)
    assert (leading.state, leading.lead) == ("dispatched", office.units["industry"])
    others = Case.objects.filter(pk__in=[case.pk for case in cases[1:]])
    assert {(case.state, case.merged_into_id) for case in others} == {("merged", leading.pk)}
    assert {row.standing for row in rows.all_members(problem).values()} == {"in"}
    answered(office, leading)
    assert {(case.state, case.answer) for case in others.all()} == {("reviewed", "线路已改造。")}
    outbox.drain(now=NOW)
    told = Notice.objects.filter(subject=f"common:{problem.pk}", event="commons.confirm")
    assert office.users["handler"] in {row.user for row in told}


def test_who_came_too_late_is_linked_only(office: Office, problem: CommonProblem, cases: list[Case]) -> None:
    late = case_services.dispatch(
        by=office.actor("district"), now=NOW, case=cases[1], lead=office.units["works"]
    )
    confirmed(office, problem, cases)
    late.refresh_from_db()
    assert (late.state, late.merged_into_id, late.lead) == ("dispatched", None, office.units["works"])
    assert rows.all_members(problem)[late.pk].standing == "in"


def test_who_is_left_out_goes_on_alone(office: Office, problem: CommonProblem, cases: list[Case]) -> None:
    confirmed(office, problem, cases[:3])
    left = Case.objects.get(pk=cases[3].pk)
    assert (left.state, left.merged_into_id) == ("accepted", None)
    row = rows.all_members(problem)[left.pk]
    assert (row.standing, row.open) == ("out", False)
    assert CasePanel().context(office.actor("district"), left, NOW) is None


def test_a_failure_in_the_middle_leaves_nothing(
    office: Office, problem: CommonProblem, cases: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = case_services.merge, []

    def second_fails(**given: Any) -> Any:
        calls.append(given["case"].pk)
        if len(calls) == 2:
            raise RefusedError
        return real(**given)

    monkeypatch.setattr(case_services, "merge", second_fails)
    with pytest.raises(RefusedError):
        confirmed(office, problem, cases)
    problem.refresh_from_db()
    assert problem.state == "proposed"
    assert set(Case.objects.values_list("state", "merged_into")) == {("accepted", None)}


def test_only_the_dispatcher_of_the_unit_decides(
    office: Office, problem: CommonProblem, cases: list[Case]
) -> None:
    for who in ("dispatcher", "other", "leader", "supervisor", "handler"):
        with pytest.raises(NotPermittedError):
            confirmed(office, problem, cases, by=who)
        with pytest.raises(NotPermittedError):
            services.dismiss(by=office.actor(who), now=NOW, problem=problem, reason="x")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"cases": []}, "cases"),
        ({"cases": [1]}, "cases"),
        ({"due": date(2026, 6, 4)}, "due"),
    ],
)
def test_a_wrong_input_is_named(
    office: Office, problem: CommonProblem, cases: list[Case], change: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        confirmed(office, problem, cases, **change)
    assert refused.value.field == field


def test_the_leading_case_is_one_that_can_lead(
    office: Office, problem: CommonProblem, cases: list[Case]
) -> None:
    with pytest.raises(FieldError, match="has to be one of those"):
        confirmed(office, problem, cases[1:], leading=cases[0])
    for state in ("submitted", "reviewed"):
        Case.objects.filter(pk=cases[0].pk).update(state=state)
        with pytest.raises(FieldError, match="accepted and has no answer"):
            confirmed(office, problem, cases)


def test_a_leading_case_in_other_hands_keeps_its_lead(
    office: Office, problem: CommonProblem, cases: list[Case]
) -> None:
    case_services.dispatch(by=office.actor("district"), now=NOW, case=cases[0], lead=office.units["works"])
    with pytest.raises(FieldError) as refused:
        confirmed(office, problem, cases)
    assert refused.value.field == "lead"
    assert confirmed(office, problem, cases, lead=office.units["works"]).lead == office.units["works"]


def test_somebody_faster_is_noticed(office: Office, problem: CommonProblem, cases: list[Case]) -> None:
    services.dismiss(by=office.actor("district"), now=NOW, problem=problem, reason="各有各的原因")
    with pytest.raises((FasterError, FieldError)):
        confirmed(office, problem, cases)
    with pytest.raises(FasterError):
        services.dismiss(by=office.actor("district"), now=NOW, problem=problem, reason="再一次", version=1)


def test_a_dismissal_says_why(office: Office, problem: CommonProblem) -> None:
    with pytest.raises(FieldError):
        services.dismiss(by=office.actor("district"), now=NOW, problem=problem, reason=" ")
    found = services.dismiss(by=office.actor("district"), now=NOW, problem=problem, reason="各有各的原因")
    assert (found.state, found.reason) == ("dismissed", "各有各的原因")
    assert not found.members.filter(open=True).exists()


def test_who_sees_a_common_problem(office: Office, problem: CommonProblem, cases: list[Case]) -> None:
    for who in ("district", "dispatcher", "supervisor", "leader"):
        assert queries.get_problem(office.actor(who), problem.pk) == problem
    for who in ("other", "handler", "worker", "sysadmin", "auditor"):
        with pytest.raises(Http404):
            queries.get_problem(office.actor(who), problem.pk)
    confirmed(office, problem, cases)
    assert queries.get_problem(office.actor("handler"), problem.pk) == problem
    with pytest.raises(Http404):
        queries.get_problem(office.actor("worker"), problem.pk)


def test_a_firm_meets_nothing_of_it(office: Office, problem: CommonProblem, cases: list[Case]) -> None:
    firm = office.firms["a"]
    Case.objects.filter(pk=cases[1].pk).update(enterprise=firm)
    confirmed(office, problem, cases)
    member = office.actor("firm_a")
    case = case_queries.get_case(member, cases[1].pk)
    assert CasePanel().context(member, case, NOW) is None
    with pytest.raises(Http404):
        queries.get_problem(member, problem.pk)
    names = set(Enterprise.objects.exclude(pk=firm.pk).values_list("name", flat=True))
    assert not any(name in entry.text for entry in case_queries.entries(member, case) for name in names)


def test_the_page_of_a_case_says_what_it_may_belong_to(
    office: Office, problem: CommonProblem, cases: list[Case]
) -> None:
    by = office.actor("district")
    [row] = CasePanel().context(by, cases[1], NOW)["rows"]
    assert (row["problem"], row["sure"], row["follows"]) == (problem, False, False)
    confirmed(office, problem, cases)
    [row] = CasePanel().context(by, Case.objects.get(pk=cases[1].pk), NOW)["rows"]
    assert (row["sure"], row["follows"], row["leads"]) == (True, True, False)
    assert CasePanel().context(by, cases[0], NOW)["rows"][0]["leads"]


def test_the_desk_shows_what_waits(office: Office, problem: CommonProblem, cases: list[Case]) -> None:
    assert [row.pk for row in DeskPanel().context(office.actor("district"), None, NOW)["rows"]] == [
        problem.pk
    ]
    assert DeskPanel().context(office.actor("dispatcher"), None, NOW) is None
    assert DeskPanel().context(office.actor("handler"), None, NOW) is None
    confirmed(office, problem, cases)
    assert DeskPanel().context(office.actor("district"), None, NOW) is None


def test_the_heat_counts_firms(office: Office, problem: CommonProblem, cases: list[Case]) -> None:
    Case.objects.filter(pk=cases[1].pk).update(enterprise=cases[0].enterprise)
    [row] = queries.listed(office.actor("leader"), {"state": "open", "q": "云塘"})
    assert (row.heat, row.since) == (3, cases[0].created_at)
    assert not queries.listed(office.actor("leader"), {"state": "solved"})
    assert not queries.listed(office.actor("leader"), {"lead": office.units["works"]})
    assert NOW - row.since < timedelta(days=1)

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.commons import rows
from tests.commons.test_deciding import answered, cases, confirmed, problem
from tests.support.office import NOW, Office
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.commons import services
from zhitong.commons.models import CommonProblem
from zhitong.core import outbox
from zhitong.core.actor import system
from zhitong.core.errors import FieldError, NotPermittedError, RefusedError
from zhitong.feedback import services as feedback_services

__all__ = ["cases", "problem"]


@pytest.fixture
def running(office: Office, problem: CommonProblem, cases: list[Case]) -> CommonProblem:
    return confirmed(office, problem, cases)


@pytest.fixture
def newcomer(office: Office, running: CommonProblem) -> Case:
    case = rows.accepted(office, rows.told("云塘园区又停电。", rows.firm(9)))
    services.add(by=system("tick"), now=NOW, problem=running, members={case.pk: 0.4})
    return case


def month(office: Office, problem: CommonProblem, by: str = "leader", **more: object) -> CommonProblem:
    given = {
        "month": date(2026, 6, 1), "owner": office.users["head"], "plan": "改造线路。", "due": date(2026, 6, 30),
    } | more  # fmt: skip
    return services.set_month(
        by=office.actor(by), now=NOW, problem=problem, given=services.MonthPlan(**given)
    )


def test_a_newcomer_is_taken_in_and_follows(office: Office, running: CommonProblem, newcomer: Case) -> None:
    services.take_in(by=office.actor("district"), now=NOW, problem=running, cases=[newcomer.pk])
    newcomer.refresh_from_db()
    assert (newcomer.state, newcomer.merged_into_id) == ("merged", running.leading_id)
    assert rows.all_members(running)[newcomer.pk].standing == "in"
    running.refresh_from_db()
    with pytest.raises(FieldError):
        services.take_in(by=office.actor("district"), now=NOW, problem=running, cases=[newcomer.pk])


def test_a_newcomer_after_the_answer_is_linked_only(
    office: Office, running: CommonProblem, newcomer: Case
) -> None:
    answered(office, Case.objects.get(pk=running.leading_id))
    services.take_in(by=office.actor("district"), now=NOW, problem=running, cases=[newcomer.pk])
    newcomer.refresh_from_db()
    assert (newcomer.state, newcomer.merged_into_id) == ("accepted", None)


def test_a_newcomer_is_left_out(office: Office, running: CommonProblem, newcomer: Case) -> None:
    services.leave_out(by=office.actor("district"), now=NOW, problem=running, cases=[newcomer.pk])
    row = rows.all_members(running)[newcomer.pk]
    assert (row.standing, row.open) == ("out", False)


def test_who_follows_is_taken_out_of_the_group_first(
    office: Office, running: CommonProblem, cases: list[Case]
) -> None:
    by = office.actor("district")
    for pk in (cases[0].pk, cases[1].pk):
        with pytest.raises(RefusedError):
            services.leave_out(by=by, now=NOW, problem=running, cases=[pk])
    case_services.separate(by=by, now=NOW, case=Case.objects.get(pk=cases[1].pk), reason="另有原因")
    services.leave_out(by=by, now=NOW, problem=running, cases=[cases[1].pk])
    assert rows.all_members(running)[cases[1].pk].standing == "out"


def test_newcomers_are_the_dispatchers(office: Office, running: CommonProblem, newcomer: Case) -> None:
    for service in (services.take_in, services.leave_out):
        with pytest.raises(NotPermittedError):
            service(by=office.actor("leader"), now=NOW, problem=running, cases=[newcomer.pk])


def test_a_problem_ends_and_goes_on_with_its_leading_case(office: Office, running: CommonProblem) -> None:
    case = answered(office, Case.objects.get(pk=running.leading_id))
    outbox.drain(now=NOW)
    running.refresh_from_db()
    assert running.state == "confirmed"
    Case.objects.filter(pk=case.pk).update(state="rated")
    case = case_services.close(
        by=office.actor("district"), now=NOW, case=Case.objects.get(pk=case.pk), outcome="solved"
    )
    outbox.drain(now=NOW)
    running.refresh_from_db()
    assert (running.state, running.outcome) == ("solved", "solved")
    assert not running.members.filter(open=True).exists()
    case_services.reopen(by=office.actor("district"), now=NOW, case=case, reason="又停电了")
    outbox.drain(now=NOW)
    running.refresh_from_db()
    assert (running.state, running.outcome) == ("confirmed", "")
    assert running.members.filter(open=True).count() == 4


def test_without_a_solution_it_ends_otherwise(office: Office, running: CommonProblem) -> None:
    later = NOW + timedelta(days=1)
    columns = {"ended_at": later, "due_at": None, "clock": "", "clock_started_at": None}
    Case.objects.filter(pk=running.leading_id).update(
        state="closed", answer="说明", outcome="explained", **columns
    )
    running.refresh_from_db()
    found = services.follow(by=system("outbox"), now=later, problem=running)
    assert (found.state, found.outcome) == ("ended", "explained")
    with pytest.raises(RefusedError):
        services.follow(by=system("outbox"), now=later, problem=found)


def test_a_leader_sets_one_matter_a_month_and_unit(office: Office, running: CommonProblem) -> None:
    found = month(office, running)
    assert (found.month, found.owner, found.due) == (
        date(2026, 6, 1),
        office.users["head"],
        date(2026, 6, 30),
    )
    more = [
        rows.accepted(office, rows.told(text, rows.firm(20 + at))) for at, text in enumerate(rows.ELSE[:2])
    ]
    other = confirmed(office, rows.proposed(more, office.units["district"], entity="x"), more)
    with pytest.raises(FieldError) as refused:
        month(office, other)
    assert refused.value.field == "month"
    assert month(office, other, month=date(2026, 7, 14)).month == date(2026, 7, 1)
    assert month(office, found, plan="改造线路，增容。").plan == "改造线路，增容。"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"month": date(2026, 5, 1)}, "month"),
        ({"due": date(2026, 6, 4)}, "due"),
        ({"plan": " "}, "plan"),
    ],
)
def test_a_month_needs_sound_words(office: Office, running: CommonProblem, change: dict, field: str) -> None:
    with pytest.raises(FieldError) as refused:
        month(office, running, **change)
    assert refused.value.field == field


def test_a_month_needs_somebody_who_heads(office: Office, running: CommonProblem) -> None:
    with pytest.raises(FieldError) as refused:
        month(office, running, owner=office.users["worker"])
    assert refused.value.field == "owner"
    for who in ("district", "supervisor", "head"):
        with pytest.raises(NotPermittedError):
            month(office, running, by=who)


def test_feedback_stays_with_each_firm(office: Office, running: CommonProblem, cases: list[Case]) -> None:
    """A member is rated by its own firm after the common answer."""
    answered(office, Case.objects.get(pk=running.leading_id))
    Case.objects.filter(pk=cases[1].pk).update(enterprise=office.firms["a"])
    case = Case.objects.get(pk=cases[1].pk)
    feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=5)
    case.refresh_from_db()
    assert case.state == "rated"

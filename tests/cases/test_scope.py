from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from tests.support.office import NOW, Office
from zhitong.cases import queries, services
from zhitong.cases.models import Case
from zhitong.core.actor import ANONYMOUS, system
from zhitong.orgs import services as org_services

ABOVE = {"dispatcher", "supervisor", "leader"}
INDUSTRY = {"handler", "colleague", "head", "chief"}
WORKS = {"worker", "workhead"}
STATES = ["submitted", "accepted", "dispatched", "handling", "answered", "reviewed"]


def who(office: Office, test) -> set[str]:
    """The short names of the people for whom something is true."""
    return {name for name in office.users if test(office.actor(name))}


def seers(office: Office, case) -> set[str]:
    return who(office, lambda actor: queries.visible(actor).filter(pk=case.pk).exists())


@pytest.mark.parametrize(("firm", "intake"), [("a", "district"), ("b", "other")])
def test_a_case_without_lead_is_seen_by_its_firm_its_intake_unit_and_those_above(
    office: Office, firm: str, intake: str
) -> None:
    assert seers(office, office.case(firm)) == {f"firm_{firm}", f"admin_{firm}", intake} | ABOVE


@pytest.mark.parametrize(("lead", "people"), [("industry", INDUSTRY), ("works", WORKS)])
@pytest.mark.parametrize("state", STATES[2:])
def test_a_department_sees_the_cases_it_leads(
    office: Office, lead: str, people: set[str], state: str
) -> None:
    case = office.until(state, lead=lead)
    assert seers(office, case) == {"firm_a", "admin_a", "district"} | ABOVE | people


def test_a_department_that_led_before_sees_a_case_no_more(office: Office) -> None:
    case = office.until("handling")
    services.redispatch(
        by=office.actor("district"), now=NOW, case=case, lead=office.units["works"], reason="职责不符"
    )
    assert seers(office, case) & (INDUSTRY | WORKS) == WORKS


def test_the_sight_of_a_unit_ends_at_its_own_branch_of_the_tree(office: Office) -> None:
    """A path that merely begins with the same figures is no unit below."""
    paths = sorted(unit.path for unit in office.units.values())
    assert all(path.endswith("/") for path in paths)
    org_services.add_post(
        by=office.actor("secadmin"), now=NOW, user=office.users["leader"],
        department=office.units["district"], role="leader",
    )  # fmt: skip
    posting = office.users["leader"].postings.get(department=office.units["city"])
    org_services.end_post(by=office.actor("secadmin"), now=NOW, posting=posting)
    case_a, case_b = office.case("a"), office.case("b")
    assert set(queries.visible(office.actor("leader"))) == {case_a}
    assert set(queries.visible(office.actor("supervisor"))) == {case_a, case_b}


def test_the_system_sees_all_and_nobody_sees_nothing(office: Office) -> None:
    case = office.case()
    assert list(queries.visible(system("tick"))) == [case]
    assert not queries.visible(ANONYMOUS).exists()


@pytest.mark.parametrize("name", ["firm_b", "worker", "other", "sysadmin", "secadmin", "auditor"])
def test_what_is_out_of_sight_is_not_found(office: Office, name: str) -> None:
    case = office.until("handling")
    for get, pk in ((queries.get_case, case.pk), (queries.get_entry, case.entries.first().pk)):
        with pytest.raises(Http404):
            get(office.actor(name), pk)


def test_a_firm_reads_only_what_is_meant_for_it(office: Office) -> None:
    case = office.until("handling")
    handler = office.actor("handler")
    for visibility in ("internal", "firm"):
        services.note(by=handler, now=NOW, case=case, text=f"说明 {visibility}", visibility=visibility)
        case.refresh_from_db()
    firm = office.actor("firm_a")
    texts = [entry.text for entry in queries.entries(firm, case)]
    assert "说明 firm" in texts
    assert "说明 internal" not in texts
    inner = case.entries.get(text="说明 internal")
    assert queries.get_entry(handler, inner.pk) == inner
    with pytest.raises(Http404):
        queries.get_entry(firm, inner.pk)


def test_an_answer_is_read_by_the_firm_once_it_is_approved(office: Office) -> None:
    case = office.until("answered")
    firm = office.actor("firm_a")
    assert not queries.entries(firm, case).filter(text="已修好。").exists()
    services.approve(by=office.actor("head"), now=NOW, case=case)
    assert queries.entries(firm, case).get(text="已修好。").action == "approve"


# ---------------------------------------------------------------- whose turn it is


@pytest.mark.parametrize(
    ("state", "people"),
    [
        ("submitted", {"district"}),
        ("accepted", {"district"}),
        ("dispatched", {"handler"}),
        ("handling", {"handler"}),
        ("answered", {"head", "chief"}),
        ("reviewed", set()),  # the firm's turn
    ],
)
def test_a_running_case_is_on_the_list_of_those_whose_turn_it_is(
    office: Office, state: str, people: set[str]
) -> None:
    case = office.until(state)
    assert who(office, lambda actor: queries.to_do(actor, NOW).filter(pk=case.pk).exists()) == people


def test_nobody_has_to_do_what_they_do_not_see(office: Office) -> None:
    """What waits is not looked for among all that is in sight; it lies in sight all the same."""
    for state in STATES:
        for lead in ("industry", "works"):
            case = office.until(state, lead=lead)
            twin = office.until(state, lead=lead)
            Case.objects.filter(pk=twin.pk).update(
                confidential=True, accused=office.units["works" if case.pk % 2 else "district"]
            )
    everything = 0
    for name in office.users:
        actor = office.actor(name)
        waits = set(queries.to_do(actor, NOW).values_list("pk", flat=True))
        everything += len(waits)
        assert waits <= set(queries.visible(actor).values_list("pk", flat=True)), name
    assert everything > len(STATES)


def test_an_unassigned_case_is_on_the_list_of_all_who_may_take_it_up(office: Office) -> None:
    case = office.until("accepted")
    services.dispatch(by=office.actor("district"), now=NOW, case=case, lead=office.units["industry"])
    todo = who(office, lambda actor: queries.to_do(actor, NOW).filter(pk=case.pk).exists())
    assert todo == {"handler", "colleague", "head", "chief"}


def test_a_returned_case_comes_back_when_the_firm_lets_the_time_pass(office: Office) -> None:
    case = services.return_for_supplement(
        by=office.actor("district"), now=NOW, case=office.case(), reason="请补充"
    )
    assert not queries.to_do(office.actor("district"), NOW).exists()
    late = case.due_at + timedelta(microseconds=1)
    assert list(queries.to_do(office.actor("district", late), late)) == [case]


def test_a_case_taken_up_by_a_stand_in_is_not_lost_when_the_delegation_ends(office: Office) -> None:
    case = office.until("accepted")
    case = services.dispatch(by=office.actor("district"), now=NOW, case=case, lead=office.units["industry"])
    later = NOW + timedelta(days=1)
    org_services.delegate(
        by=office.actor("handler"), now=NOW, absentee=office.users["handler"],
        stand_in=office.users["head"], since=NOW, until=later, reason="年休假",
    )  # fmt: skip
    services.start(by=office.actor("head"), now=NOW, case=case)
    assert any(
        queries.to_do(office.actor(name, later), later).filter(pk=case.pk).exists() for name in office.users
    )


def test_lists_by_urgency_and_end(office: Office) -> None:
    later, first = office.until("dispatched"), office.case()
    running = queries.running(office.actor("district"))
    assert list(running) == [first, later]
    ended = services.withdraw(by=office.actor("firm_a"), now=NOW, case=first, reason="已解决")
    assert list(running.all()) == [later]
    assert list(queries.ended(office.actor("district"))) == [ended]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, 2),
        ({"state": "submitted"}, 1),
        ({"late": True}, 0),
    ],
)
def test_search_narrows(office: Office, filters: dict, found: int) -> None:
    office.case("a")
    office.until("dispatched", "b").__class__.objects.filter(enterprise=office.firms["b"]).update(
        text="停电三小时", title="停电三小时"
    )
    rows = queries.visible(office.actor("supervisor"))
    assert queries.search(rows, filters, NOW).count() == found
    if not filters:
        units = {"department": office.units["industry"].pk}
        assert queries.search(rows, units, NOW).count() == 1
        assert queries.search(rows, {"late": True}, NOW + timedelta(days=30)).count() == 2

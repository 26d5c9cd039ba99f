"""The turns a case may take: not accepted, objected to, passed down, signed twice, urged, reopened, added to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.support import asides
from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import pages, queries, services
from zhitong.cases.models import Case
from zhitong.cases.states import routes
from zhitong.core import outbox
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.enterprises.models import Contact
from zhitong.feedback import services as feedback_services
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice

MONDAY = datetime(2026, 6, 8, 1, 0, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)


def signs_twice(office: Office) -> None:
    """Let the industry bureau's answers need two signatures."""
    unit = office.units["industry"]
    names = {name: getattr(unit, name) for name in ("name", "name_en", "region", "intake", "active")}
    org_services.change_department(by=SEEDER, now=NOW, department=unit, signing="head_leader", **names)


def closed(office: Office) -> Case:
    case = office.until("reviewed")
    feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=5)
    case.refresh_from_db()
    return services.close(by=office.actor("district"), now=NOW, case=case, outcome="solved")


@pytest.mark.parametrize("route", list(routes()))
def test_what_is_not_accepted_ends_with_its_way(office: Office, route: str) -> None:
    way, first = routes()[route], office.case()
    case = services.refuse(
        by=office.actor("district"), now=NOW, case=office.case(), route=route, text=way.way, earlier=first
    )
    assert (case.state, case.route, case.outcome, case.answer) == ("refused", route, way.outcome, way.way)
    assert case.told_outcome
    assert case.entries.get(action="refuse").text == way.way


def test_a_reason_that_is_none_is_refused(office: Office) -> None:
    with pytest.raises(FieldError) as caught:
        services.refuse(by=office.actor("district"), now=NOW, case=office.case(), route="mood", text="no")
    assert caught.value.field == "route"


def test_an_objection_is_decided_the_same_day_and_the_clock_ran_on(office: Office) -> None:
    case = office.until("dispatched")
    objected = services.object_to(by=office.actor("handler"), now=MONDAY, case=case, reason="属城管职责")
    assert (objected.state, objected.accountable) == ("objected", office.units["district"])
    assert (objected.clock, objected.due_at.date()) == ("decide", MONDAY.date())
    back = services.overrule(by=office.actor("district"), now=MONDAY, case=objected, reason="由你局主办")
    assert (back.state, back.deadline) == ("dispatched", case.deadline)
    with pytest.raises(RefusedError, match="decision is final"):
        services.object_to(by=office.actor("handler"), now=MONDAY, case=back, reason="再次异议")


def test_an_upheld_objection_is_dispatched_anew_and_nobody_objects_again(office: Office) -> None:
    case = asides.aside(
        "objected", case=office.until("dispatched"), now=NOW, intake=office.actor("district"),
        handler=office.actor("handler"),
    )  # fmt: skip
    freed = services.uphold(by=office.actor("district"), now=NOW, case=case, reason="确属城管")
    assert (freed.state, freed.person, freed.accountable) == ("accepted", None, office.units["district"])
    other = services.dispatch(by=office.actor("district"), now=NOW, case=freed, lead=office.units["works"])
    with pytest.raises(RefusedError, match="decision is final"):
        services.object_to(by=office.actor("worker"), now=NOW, case=other, reason="也不是我们")


def test_an_objection_comes_within_a_working_day(office: Office) -> None:
    case = office.until("dispatched")  # on a Friday
    assert services.last_day_to_object(case) == MONDAY.date()
    with pytest.raises(RefusedError) as caught:
        services.object_to(by=office.actor("handler"), now=TUESDAY, case=case, reason="属城管职责")
    assert caught.value.params == {"day": "2026-06-08"}


def test_a_case_is_passed_to_a_unit_below_only(office: Office) -> None:
    below = org_services.create_department(
        by=SEEDER, now=NOW, name="示例所", name_en="Station", tier="town", local_code="station",
        parent=office.units["industry"],
    )  # fmt: skip
    org_services.add_post(by=SEEDER, now=NOW, user=office.users["worker"], department=below, role="handler")
    case = office.until("handling")
    given = {"by": office.actor("head"), "now": NOW, "case": case, "reason": "就近办理"}
    with pytest.raises(FieldError, match="below your own"):
        services.transfer(lead=office.units["works"], **given)
    moved = services.transfer(lead=below, **given)
    assert (moved.state, moved.lead, moved.person, moved.deadline) == (
        "dispatched",
        below,
        None,
        case.deadline,
    )


def test_two_signatures_come_one_after_the_other(office: Office) -> None:
    signs_twice(office)
    case = office.until("answered")
    assert (case.chain, case.chain_step) == ("head_leader", 0)
    assert case in queries.to_do(office.actor("head"), NOW)
    assert case not in queries.to_do(office.actor("chief"), NOW)
    for name in ("head", "chief"):
        with pytest.raises(NotPermittedError):
            services.approve(by=office.actor(name), now=NOW, case=case)
    passed = services.review(by=office.actor("head"), now=NOW, case=case, message="可以签发")
    assert (passed.state, passed.chain_step, passed.deadline) == ("answered", 1, case.deadline)
    assert passed in queries.to_do(office.actor("chief"), NOW)
    assert passed not in queries.to_do(office.actor("head"), NOW)
    with pytest.raises(NotPermittedError):
        services.approve(by=office.actor("head"), now=NOW, case=passed)
    assert services.approve(by=office.actor("chief"), now=NOW, case=passed).state == "reviewed"


def test_an_answer_under_way_keeps_its_chain(office: Office) -> None:
    case = office.until("answered")
    signs_twice(office)
    assert services.approve(by=office.actor("head"), now=NOW, case=case).state == "reviewed"


def test_an_answer_that_is_sent_back_is_signed_from_the_beginning(office: Office) -> None:
    signs_twice(office)
    case = services.review(by=office.actor("head"), now=NOW, case=office.until("answered"))
    back = services.reject(by=office.actor("chief"), now=NOW, case=case, reason="写明完成时间")
    again = services.answer(
        by=office.actor("handler"), now=NOW, case=back, text="今日完成。", outcome="solved"
    )
    assert again.chain_step == 0


def test_a_firm_asks_again_after_a_working_day(office: Office) -> None:
    case = office.until("handling")  # on a Friday
    firm = office.actor("firm_a")
    services.urge(by=firm, now=NOW, case=case)
    with pytest.raises(RefusedError) as caught:
        services.urge(by=firm, now=NOW + timedelta(days=2), case=case)
    assert caught.value.params == {"asked": "2026-06-05", "free": "2026-06-08"}
    services.urge(by=firm, now=MONDAY, case=Case.objects.get(pk=case.pk))
    outbox.drain(now=MONDAY)
    told = Notice.objects.filter(msgid__startswith="The firm asks how")
    assert set(told.values_list("user__username", flat=True)) == {"handler"}


def test_contacting_the_firm_counts_once_and_enters_its_ledger(office: Office) -> None:
    case = office.until("handling")
    handler = office.actor("handler")
    given = {"by": handler, "way": "call", "text": "已电话联系，约定周三现场查看。"}
    first = services.contact(now=MONDAY, case=case, **given)
    second = services.contact(now=TUESDAY, case=first, **given)
    assert second.contacted_at == MONDAY
    rows = Contact.objects.filter(enterprise=case.enterprise)
    assert [(row.kind, row.matter, row.counted) for row in rows] == [("call", case.number, [])] * 2
    assert {row.reason for row in rows} == {case.number}, "what was said is for those who see the case"


def test_the_first_contact_is_due_a_working_day_after_the_dispatch(office: Office) -> None:
    case = office.until("dispatched")
    assert case.contact_due_at.date() == MONDAY.date()


def test_a_closed_case_is_added_to_and_reopened(office: Office) -> None:
    case = closed(office)
    added = services.append(by=office.actor("firm_a"), now=MONDAY, case=case, text="又坏了。")
    assert (added.state, added.ended_at) == ("closed", NOW)
    again = services.reopen(by=office.actor("district"), now=TUESDAY, case=added, reason="企业反映复发")
    assert (again.state, again.ended_at, again.reopened) == ("handling", None, 1)
    assert (again.clock_started_at, again.person) == (TUESDAY, office.users["handler"])


def test_what_ended_long_ago_is_a_new_case(office: Office) -> None:
    case = closed(office)
    district = office.actor("district")
    with pytest.raises(RefusedError, match="more than 90 days ago"):
        services.reopen(by=district, now=NOW + timedelta(days=90, seconds=1), case=case, reason="复发")
    services.reopen(by=district, now=NOW + timedelta(days=90), case=case, reason="复发")


@pytest.mark.parametrize("by", ["district", "head", "supervisor", "leader", "dispatcher"])
def test_who_looks_on_may_urge(office: Office, by: str) -> None:
    case = services.remind(by=office.actor(by), now=NOW, case=office.until("handling"), reason="请尽快")
    assert case.entries.get(action="remind").visibility == "internal"


def test_the_handling_sheet_names_who_drafted_and_signed(office: Office) -> None:
    signs_twice(office)
    case = services.review(by=office.actor("head"), now=NOW, case=office.until("answered"))
    back = services.reject(by=office.actor("chief"), now=NOW, case=case, reason="写明完成时间")
    case = services.answer(
        by=office.actor("handler"), now=NOW, case=back, text="今日完成。", outcome="solved"
    )
    case = services.review(by=office.actor("head"), now=NOW, case=case)
    case = services.approve(by=office.actor("chief"), now=NOW, case=case)
    lines = pages.signatures(pages.timeline(office.actor("handler"), case))
    assert [(line.entry.action, line.entry.by_label) for line in lines] == [
        ("answer", "示例handler"),
        ("review", "示例head"),
        ("approve", "示例chief"),
    ], "what was sent back is no signature"


def of_before(case: Case) -> Case:
    """The case as one that began with the first version of flow and deadlines."""
    Case.objects.filter(pk=case.pk).update(flow_version=1, sla_version=1)
    return Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake").get(
        pk=case.pk
    )


def test_a_case_of_before_goes_its_own_way_to_the_end(office: Office) -> None:
    district, handler = office.actor("district"), office.actor("handler")
    case = of_before(office.case())
    names = {button.name for button in pages.buttons(district, case)}
    assert names == {"accept", "return", "note"}, "what its flow does not know is not offered"
    case = services.accept(by=district, now=NOW, case=case, kind="normal")
    case = services.dispatch(
        by=district, now=NOW, case=case, lead=office.units["industry"], person=office.users["handler"]
    )
    assert case.contact_due_at is None
    case = services.start(by=handler, now=NOW, case=case)
    case = services.answer(by=handler, now=NOW, case=case, text="已修好。", outcome="solved")
    case = services.approve(by=office.actor("head"), now=NOW, case=case)
    feedback_services.rate(by=office.actor("firm_a"), now=NOW, case=case, stars=1)
    case.refresh_from_db()
    assert (case.state, case.reopened) == ("rated", 0), "its flow knows no way back"
    case = services.close(by=district, now=NOW, case=case, outcome="solved")
    assert case.state == "closed"


@pytest.mark.parametrize(
    ("state", "step"),
    [
        (
            "submitted",
            lambda o, c: services.refuse(by=o.actor("district"), now=NOW, case=c, route="legal", text="x"),
        ),
        ("dispatched", lambda o, c: services.object_to(by=o.actor("handler"), now=NOW, case=c, reason="x")),
        ("handling", lambda o, c: asides.ask("extension", by=o.actor("handler"), now=NOW, case=c)),
        ("handling", lambda o, c: asides.ask("suspension", by=o.actor("handler"), now=NOW, case=c)),
        ("handling", lambda o, c: asides.ask("plan", by=o.actor("handler"), now=NOW, case=c)),
        ("handling", lambda o, c: services.urge(by=o.actor("firm_a"), now=NOW, case=c)),
        (
            "handling",
            lambda o, c: services.ask_help(
                by=o.actor("handler"), now=NOW, case=c, department=o.units["works"], text="x"
            ),
        ),
        ("closed", lambda o, c: services.reopen(by=o.actor("district"), now=NOW, case=c, reason="x")),
    ],
)
def test_a_case_of_before_refuses_what_its_flow_does_not_know(office: Office, state: str, step) -> None:
    case = of_before(closed(office) if state == "closed" else office.until(state))
    with pytest.raises(FasterError):
        step(office, case)

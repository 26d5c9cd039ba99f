"""Helping departments: each part has its own person, clock and status; the lead stays accountable."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.http import Http404

from tests.support.office import NOW, SEEDER, Office
from zhitong.cases import parts, queries, services
from zhitong.cases.models import Assist, Case
from zhitong.core import outbox
from zhitong.core import services as core_services
from zhitong.core.clock import local_date
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice

LATER = NOW + timedelta(hours=3)


def asked(office: Office, department: str = "works") -> Assist:
    """The works department is asked to help with a case that the industry bureau handles."""
    case = office.until("handling")
    services.ask_help(
        by=office.actor("handler"),
        now=NOW,
        case=case,
        department=office.units[department],
        text="请查看管线。",
    )
    return case.assists.get()


def step(office: Office, name: str, part: Assist, by: str, **given: object) -> Assist:
    return getattr(services, f"{name}_assist")(by=office.actor(by), now=LATER, assist=part, **given)


def test_a_part_has_a_clock_of_its_own_and_the_leads_runs_on(office: Office) -> None:
    part = asked(office)
    before = part.case.deadline
    assert (part.state, part.person, local_date(part.due_at).isoformat()) == ("sent", None, "2026-06-10")
    assert (part.case.accountable, part.case.lead) == (office.units["industry"],) * 2
    taken = step(office, "take", part, "worker")
    assert (taken.state, taken.person, taken.due_at) == ("taken", office.users["worker"], part.due_at)
    done = step(office, "answer", taken, "worker", text="管线已避让。")
    assert (done.state, done.reply, done.replied_by, done.ended_at) == (
        "answered",
        "管线已避让。",
        office.users["worker"],
        LATER,
    )
    case = Case.objects.get(pk=part.case_id)
    assert (case.deadline, case.accountable) == (before, office.units["industry"])


def test_a_helping_department_sees_the_case_and_nobody_else_does(office: Office) -> None:
    case = office.until("handling")
    worker = office.actor("worker")
    with pytest.raises(Http404):
        queries.get_case(worker, case.pk)
    services.ask_help(
        by=office.actor("handler"), now=NOW, case=case, department=office.units["works"], text="请查看。"
    )
    assert queries.get_case(worker, case.pk) == case
    part = case.assists.get()
    assert list(queries.helping(worker)) == [part]
    for name in ("other", "firm_b"):
        with pytest.raises(Http404):
            queries.get_assist(office.actor(name), part.pk)
    with pytest.raises(Http404):
        queries.get_assist(office.actor("firm_a"), part.pk)
    step(office, "cancel", part, "handler", reason="不再需要")
    with pytest.raises(Http404):
        queries.get_case(worker, case.pk)


def test_an_answer_waits_for_every_part(office: Office) -> None:
    part = asked(office)
    given = {"by": office.actor("handler"), "now": LATER, "text": "已修好。", "outcome": "solved"}
    case = Case.objects.get(pk=part.case_id)
    with pytest.raises(RefusedError) as caught:
        services.answer(case=case, **given)
    assert caught.value.params == {"names": "示例市城管委"}
    step(office, "answer", part, "worker", text="已查看。")
    assert services.answer(case=case, **given).state == "answered"


def test_an_objection_is_decided_and_final(office: Office) -> None:
    part = step(office, "return", asked(office), "worker", reason="属水务职责")
    assert list(queries.helping(office.actor("handler"))) == [part]
    assert list(queries.helping(office.actor("district"))) == [part]
    assert not queries.helping(office.actor("worker")).exists()
    back = step(office, "insist", part, "district", reason="由你委负责")
    assert (back.state, back.due_at) == ("sent", part.due_at)
    with pytest.raises(RefusedError, match="objected once"):
        step(office, "return", back, "worker", reason="再次异议")


@pytest.mark.parametrize(
    ("department", "says"), [("industry", "cannot help itself"), ("district", "has no handler")]
)
def test_who_cannot_help_is_not_asked(office: Office, department: str, says: str) -> None:
    with pytest.raises(FieldError, match=says):
        asked(office, department)


def test_a_department_is_asked_once_at_a_time(office: Office) -> None:
    part = asked(office)
    given = {"by": office.actor("handler"), "now": LATER, "department": office.units["works"], "text": "再看"}
    with pytest.raises(FieldError, match="asked already"):
        services.ask_help(case=Case.objects.get(pk=part.case_id), **given)
    step(office, "answer", part, "worker", text="已查看。")
    services.ask_help(case=Case.objects.get(pk=part.case_id), **given)
    assert part.case.assists.count() == 2


def test_the_slower_of_two_is_told(office: Office) -> None:
    part = asked(office)
    step(office, "take", part, "worker")
    with pytest.raises(FasterError):
        step(office, "take", part, "worker")


def test_a_withdrawn_case_calls_its_parts_off(office: Office) -> None:
    part = asked(office)
    services.withdraw(
        by=office.actor("firm_a"), now=LATER, case=Case.objects.get(pk=part.case_id), reason="已解决"
    )
    part.refresh_from_db()
    assert (part.state, part.ended_at) == ("cancelled", LATER)


def test_the_part_of_somebody_who_leaves_goes_to_the_successor(office: Office) -> None:
    part = step(office, "take", asked(office), "worker")
    org_services.leave(by=office.actor("sysadmin"), now=LATER, user=office.users["worker"], successor=None)
    part.refresh_from_db()
    assert (part.person, part.state) == (None, "taken")


def test_a_typhoon_day_moves_the_part_too(office: Office) -> None:
    part = asked(office)
    core_services.set_local_day(
        by=SEEDER, now=LATER, date=date(2026, 6, 9), kind="local_off", name_zh="台风", name_en="Typhoon",
        source="市政府通知",
    )  # fmt: skip
    part.refresh_from_db()
    assert local_date(part.due_at).isoformat() == "2026-06-11"


def test_those_concerned_are_told(office: Office) -> None:
    part = asked(office)
    step(office, "return", part, "worker", reason="属水务职责")
    outbox.drain(now=LATER)
    told = {
        (row.user.username, row.msgid.split(":")[0])
        for row in Notice.objects.filter(subject=f"case:{part.case_id}")
    }
    assert ("handler", "A helping department objects") in told
    assert ("district", "A helping department objects") in told


@pytest.mark.parametrize(
    ("by", "state", "names"),
    [
        ("worker", "sent", ["take", "answer", "return"]),
        ("workhead", "sent", ["assign"]),
        ("handler", "sent", ["cancel"]),
        ("handler", "returned", ["insist", "cancel"]),
        ("worker", "returned", []),
        ("leader", "sent", []),
    ],
)
def test_buttons_are_those_of_the_permissions(office: Office, by: str, state: str, names: list[str]) -> None:
    part = asked(office)
    if state == "returned":
        part = step(office, "return", part, "worker", reason="属水务职责")
    (shown,) = parts.parts(office.actor(by), [part], LATER)
    assert [button.name for button in shown.buttons] == names


def test_only_the_head_of_the_helping_department_names_a_person(office: Office) -> None:
    part = asked(office)
    with pytest.raises(NotPermittedError):
        step(office, "assign", part, "head", person=office.users["worker"])
    with pytest.raises(FieldError, match="not a handler"):
        step(office, "assign", part, "workhead", person=office.users["colleague"])
    assert (
        step(office, "assign", part, "workhead", person=office.users["worker"]).person
        == office.users["worker"]
    )


def test_a_part_that_is_late_shows_red(office: Office) -> None:
    part = asked(office)
    (shown,) = parts.parts(office.actor("worker"), [part], datetime(2026, 6, 12, 1, 0, tzinfo=UTC))
    assert shown.clock.tone == "danger"

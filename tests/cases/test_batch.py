"""One step on several cases: each by itself, once, and with a word on what was not done."""

from __future__ import annotations

from typing import Any

from tests.support.office import NOW, Office
from zhitong.cases import batch, services
from zhitong.cases.models import Case, Entry
from zhitong.core.errors import FasterError


def take(office: Office, who: str, step: str, cases: list[Any], **given: Any) -> list[batch.Done]:
    """Choose cases as they are and take the step."""
    actor = office.actor(who)
    numbers = [f"{case.pk}:{case.version}" for case in cases]
    chosen = batch.chosen(actor, step, numbers)
    return batch.run(by=actor, now=NOW, step=step, chosen=chosen, given={"key": "form-1", **given})


def test_each_case_takes_the_step_by_itself(office: Office) -> None:
    ready = [office.until("accepted") for _ in range(2)]
    late = office.until("dispatched")
    receipt = take(
        office, "district", "dispatch", [*ready, late], lead=office.units["works"], message="请尽快"
    )
    assert [(row.case.pk, row.done) for row in receipt] == [
        (ready[0].pk, True), (ready[1].pk, True), (late.pk, False),
    ]  # fmt: skip
    assert receipt[2].sentence == "当前状态不能进行此操作。"
    assert {Case.objects.get(pk=case.pk).state for case in ready} == {"dispatched"}


def test_sent_twice_it_happens_once(office: Office) -> None:
    case = office.until("handling")
    first = take(office, "district", "remind", [case], reason="请抓紧")
    second = take(office, "district", "remind", [case], reason="请抓紧")
    assert [row.done for row in (*first, *second)] == [True, True]
    assert Entry.objects.filter(case=case, action="remind").count() == 1


def test_somebody_faster_holds_up_nobody_else(office: Office) -> None:
    cases = [office.until("accepted") for _ in range(2)]
    services.note(by=office.actor("district"), now=NOW, case=cases[0], text="已核实")
    services.dispatch(
        by=office.actor("district"),
        now=NOW,
        case=Case.objects.get(pk=cases[0].pk),
        lead=office.units["works"],
    )
    Case.objects.filter(pk=cases[1].pk).update(version=99)
    cases[1].version = 98
    receipt = take(office, "district", "dispatch", cases, lead=office.units["works"], message="")
    assert [row.done for row in receipt] == [False, False]
    assert [(row.case.pk, row.sentence) for row in receipt] == [
        (cases[1].pk, FasterError().message),
        (cases[0].pk, "当前状态不能进行此操作。"),
    ]


def test_what_is_not_in_sight_is_not_there(office: Office) -> None:
    theirs = office.until("accepted", "b")
    chosen = batch.chosen(
        office.actor("district"), "dispatch", [str(theirs.pk), "0", "x", "9" * 30, "1:" + "9" * 20]
    )
    assert chosen.rows == []


def test_who_sees_but_may_not_gets_a_sentence(office: Office) -> None:
    case = office.until("accepted")
    chosen = batch.chosen(office.actor("dispatcher"), "dispatch", [str(case.pk)])
    assert [row.against for row in chosen.rows] == ["此操作不在您的权限内。"]
    assert chosen.possible == []


def test_beyond_the_limit_cases_are_left_out(office: Office) -> None:
    case = office.until("accepted")
    numbers = [str(case.pk), *(str(10**6 + number) for number in range(batch.MOST + 4))]
    chosen = batch.chosen(office.actor("district"), "dispatch", numbers)
    assert ([row.case for row in chosen.rows], chosen.over) == ([case], 5)


def test_who_may_choose_which_steps(office: Office) -> None:
    steps = {
        who: [name for name, _ in batch.steps(office.actor(who))]
        for who in ("district", "head", "handler", "leader")
    }
    assert steps == {
        "district": ["dispatch", "redispatch", "remind"],
        "head": ["remind", "assign"],
        "handler": [],
        "leader": ["remind"],
    }


def test_a_head_names_one_person_for_many(office: Office) -> None:
    cases = [office.until("dispatched") for _ in range(2)]
    receipt = take(office, "head", "assign", cases, person=office.users["colleague"])
    assert all(row.done for row in receipt)
    assert {Case.objects.get(pk=case.pk).person for case in cases} == {office.users["colleague"]}

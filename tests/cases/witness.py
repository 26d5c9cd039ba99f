"""Reading the database and comparing it with what should have happened; every sentence names its invariant."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import connection

from tests.cases.days import CITY, DAY
from zhitong.cases.models import Case, Entry, Stretch
from zhitong.cases.services import Goal
from zhitong.core.errors import RefusedError
from zhitong.core.models import AuditEvent, OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime

    from tests.cases.machine import Histories
    from tests.cases.oracle import Expected
    from tests.support.office import Office

# Inputs with nothing missing, for steps that are meant to succeed; what stands twice happens more often.
COMPLETE: dict[str, dict[str, list]] = {
    "supplement": {"text": ["照片在附件。"]},
    "withdraw": {"reason": ["已自行解决"]},
    "rate": {"stars": [1, 5]},
    "accept": {"kind": ["consult", "normal", "complex"]},
    "return": {"reason": ["请补充照片"]},
    "dispatch": {
        "lead": ["industry", "industry", "works", "bureau"],
        "person": ["handler", "handler", "worker", None],
    },
    "redispatch": {
        "lead": ["industry", "works", "bureau"],
        "person": ["colleague", None],
        "reason": ["职责不符"],
    },
    "reclassify": {"kind": ["consult", "normal", "complex"], "reason": ["情况更复杂"]},
    "close": {"outcome": ["solved", "planned"]},
    "assign": {"person": ["handler", "colleague", "worker"]},
    "note": {"text": ["已现场查看。"], "visibility": ["firm", "internal"]},
    "answer": {"text": ["已修好。"], "outcome": ["solved", "explained"]},
    "answer_for": {"text": ["来函已答复。"], "outcome": ["solved"]},
    "reject": {"reason": ["请写明完成时间"]},
    "append": {"text": ["又坏了。"]},
    "refuse": {"route": ["legal", "beyond"], "text": ["请走法定途径。"]},
    "transfer": {"lead": ["works"], "reason": ["属地办理"]},
    "ask_help": {"department": ["works", "works", "industry", "bureau"], "text": ["请协助查看。"]},
    "contact": {"way": ["call", "visit"], "text": ["已电话联系。"]},
    "ask_extension": {"days": [1, 5, 10], "reason": ["等待部件"]},
    "ask_suspension": {"until": [1, 9, 60], "reason": ["等待检测"]},
    "ask_plan": {"grade": ["A", "B"], "stages": [(3,), (5, 20), (1, 2, 90)], "reason": ["需列入年度计划"]},
    **{name: {"message": ["同意。"]} for name in ("grant_extension", "grant_suspension", "grant_plan")},
    **{
        name: {"reason": ["情况如下"]}
        for name in (
            "separate",
            "pass_up",
            "overrule",
            "uphold",
            "decline",
            "remind",
            "reopen",
            "object",
            "resume",
            "take_up",
        )
    },
    "stage": {"text": ["已完成设计。"]},
    "merge": {"main": [0, 1, 2], "reason": ["同一事项"]},
    "split": {"text": ["还有一件事。"]},
}


def complete(action: str) -> list[dict]:
    """Every complete set of inputs of an action."""
    choices = COMPLETE.get(action, {})
    return [dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values())]


def real(office: Office, given: dict, now: datetime) -> dict:
    """Inputs with departments and people in place of their short names, and days in place of counts."""
    found = dict(given)
    if given.get("main"):
        found["main"] = Case.objects.get(pk=given["main"].pk)
    if given.get("lead"):
        found["lead"] = office.units[given["lead"]]
    if given.get("person"):
        found["person"] = office.users[given["person"]]
    if given.get("department"):
        found["department"] = office.units[given["department"]]
    today = now.astimezone(CITY).date()
    if "until" in given:
        found["until"] = today + DAY * given["until"] if given["until"] else None
    if "stages" in given:
        found["stages"] = [Goal("完成一步", today + DAY * ahead) for ahead in given["stages"]]
    return found


CASES = "SELECT * FROM cases_case ORDER BY id"
COUNTS = (
    "SELECT (SELECT count(*) FROM cases_stretch), (SELECT count(*) FROM cases_entry),"
    " (SELECT count(*) FROM feedback_rating), (SELECT count(*) FROM core_outboxmessage)"
)


def rows() -> tuple:
    """Everything an action on a case may change, read without the models; the messages stand last."""
    with connection.cursor() as cursor:
        cursor.execute(CASES)
        cases = cursor.fetchall()
        cursor.execute(COUNTS)
        return (cases, *cursor.fetchone())


@contextmanager
def outcome(
    machine: Histories,
    wrong: set[type[RefusedError]],
    *,
    action: str = "",
    target: str = "",
    more: Sequence[str] = (),
) -> Iterator[list]:
    """Expect a refusal if something is wrong, else success; the list is empty after a refusal.

    A refusal leaves one event and changes nothing else; a success leaves its event and its message.
    """
    before = rows()
    events = AuditEvent.objects.count()
    done: list[bool] = [True]
    try:
        yield done
    except RefusedError as refusal:
        assert wrong, f"refused though legal: {action} {refusal!r}"  # noqa: PT017 - legality decides whether a refusal is right
        fits = len(wrong) > 1 or type(refusal) in wrong
        assert fits, f"the refusal of {action} is a {type(refusal)}, not one of {wrong}"  # noqa: PT017 - same
        assert rows() == before, f"a refusal changed something: {action}"
        last = AuditEvent.objects.order_by("-pk").first()
        assert (AuditEvent.objects.count(), last.result) == (events + 1, "refused"), "a refusal left no event"
        done.clear()
        return
    assert not wrong, f"done though illegal: {action} should be refused by one of {wrong}"
    fresh = AuditEvent.objects.order_by("pk")[events:]
    if target:
        found = [(event.result, event.target) for event in fresh if event.action == f"cases.{action}"]
        assert found[:1] == [("done", target)], f"the audit event of {action} is missing: {found}"
        said = OutboxMessage.objects.order_by("pk")[before[-1] :].values_list("topic", flat=True)
        wanted = [name if "." in name else f"cases.{name}" for name in (action, *more)]
        assert list(said) == wanted, f"the message of {action} is missing"
    assert fresh, "the audit event is missing"


def compare(machine: Histories) -> None:
    """Compare every case and its stretches and entries with what should stand there."""
    units = {unit.pk: name for name, unit in machine.office.units.items()}
    users = {user.pk: name for name, user in machine.office.users.items()}
    stretches: dict[int, list[Stretch]] = {}
    for stretch in Stretch.objects.order_by("case", "seq"):
        stretches.setdefault(stretch.case_id, []).append(stretch)
    entries = list(Entry.objects.values_list("case_id", flat=True))
    found = {case.pk: case for case in Case.objects.all()}
    assert set(found) == {case.pk for case in machine.cases}, "a case too many or too few"
    for wanted in machine.cases:
        case = found[wanted.pk]
        assert case.state == wanted.state, f"state: {case.state}, not {wanted.state}"
        _owner(case, wanted, units, users)
        _clock(case, wanted, machine)
        _history(case, wanted, stretches.get(case.pk, []), units, users)
        assert case.version == wanted.version, f"version: {case.version}, not {wanted.version}"
        assert entries.count(case.pk) == wanted.entries, "entries: a line of the timeline is missing"


def _owner(case: Case, wanted: Expected, units: dict, users: dict) -> None:
    owner = units[case.accountable_id]
    assert owner == wanted.owner, f"owner: {owner} answers for a {case.state} case, not {wanted.owner}"
    assert units.get(case.lead_id) == wanted.lead, "owner: another lead"
    person = users.get(case.person_id)
    assert person == wanted.person, f"person: {person}, not {wanted.person}"
    assert users.get(case.answered_by_id) == wanted.author, "author: somebody else's answer"
    assert case.asking == wanted.asking, f"request: {case.asking} is asked for, not {wanted.asking}"
    if case.state == "merged":
        assert case.merged_into_id == wanted.main.pk, "group: another main case"
    parts = {units[row.department_id] for row in case.assists.filter(ended_at__isnull=True)}
    assert parts == wanted.parts, f"parts: {parts} are open, not {set(wanted.parts)}"
    open_asks = list(case.asks.filter(decision="").values_list("kind", flat=True))
    assert open_asks == ([wanted.asking] if wanted.asking else []), f"request: {open_asks} are open"


def _clock(case: Case, wanted: Expected, machine: Histories) -> None:
    due = wanted.due(machine.calendar)
    assert (case.ended_at, case.clock) == (wanted.ended, wanted.clock), f"clock: {case.clock} in {case.state}"
    assert case.clock_started_at == wanted.began, f"clock: began {case.clock_started_at}, not {wanted.began}"
    assert case.due_at == due, f"deadline: {case.due_at}, not {due}"
    assert case.provisional is wanted.provisional(machine.calendar), (
        f"deadline: provisional {case.provisional}"
    )


def _history(case: Case, wanted: Expected, stretches: list[Stretch], units: dict, users: dict) -> None:
    numbers = [stretch.seq for stretch in stretches]
    assert numbers == list(range(1, case.stretch)), f"stretches: {numbers} before {case.stretch}"
    edges = [case.created_at, *(stretch.until for stretch in stretches)]
    # Nobody had it between its end and its reopening.
    began = [*(stretch.since for stretch in stretches), case.stretch_since]
    starts = [wanted.reopenings.get(place, moment) for place, moment in enumerate(began)]
    assert edges == starts, f"stretches: a gap or an overlap: {edges} {starts}"
    listed: list[tuple[Any, ...]] = [
        (row.state, units[row.accountable_id], users.get(row.person_id), row.since, row.until,
         row.clock, row.clock_started_at, row.due_at, row.late)
        for row in stretches
    ]  # fmt: skip
    assert listed == wanted.stretches, "stretches: not what happened"

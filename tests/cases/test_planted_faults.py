"""The histories must find each of these faults; each is planted in the running code and taken out again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.cases.machine import Histories, build
from zhitong.cases.models import Case
from zhitong.cases.permissions import other_than_author, reviewer
from zhitong.cases.services import clocks, following, groups, moves, objections, signing
from zhitong.cases.states import flow
from zhitong.core import permissions, service, slots
from zhitong.kernel.calendar import Deadline

Plant = Callable[[pytest.MonkeyPatch], None]
FAULTS: dict[str, tuple[str, Plant]] = {}


def finds(sentence: str) -> Callable[[Plant], Plant]:
    """Name the beginning of the sentence with which the histories must find the fault."""

    def add(plant: Plant) -> Plant:
        FAULTS[plant.__name__] = (sentence, plant)
        return plant

    return add


@finds("owner: ")
def the_owner_is_not_switched(patch: pytest.MonkeyPatch) -> None:
    real = moves._after

    def after(work: Any, case: Case, *rest: Any) -> dict[str, Any]:
        return {**real(work, case, *rest), "accountable_id": case.accountable_id}

    patch.setattr(moves, "_after", after)


@finds("clock: ")
def the_clock_is_not_started(patch: pytest.MonkeyPatch) -> None:
    real = moves._clock

    def clock(work: Any, case: Case, row: Any, changes: dict[str, Any], timing: Any) -> dict[str, Any]:
        # The name changes, the moments stay: the database cannot see that.
        columns = real(work, case, row, changes, timing)
        return {"clock": columns["clock"]} if row.clock == "start" else columns

    patch.setattr(moves, "_clock", clock)


@finds("stretches: ")
def the_stretch_is_not_appended(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moves, "_append_stretch", lambda *_: None)


@finds("stretches: ")
def the_next_stretch_begins_too_early(patch: pytest.MonkeyPatch) -> None:
    real = moves._append_stretch

    def append(work: Any, case: Case, after: dict[str, Any]) -> None:
        real(work, case, after)
        Case.objects.filter(pk=case.pk).update(stretch_since=case.created_at)

    patch.setattr(moves, "_append_stretch", append)


# Two changes at once may also meet in the database, which numbers the stretches of a case and ties its columns.
@finds("(done though illegal: |(UNIQUE|CHECK) constraint failed|duplicate key value|new row )")
def the_version_is_not_checked(patch: pytest.MonkeyPatch) -> None:
    def update(_work: Any, case: Case, seen: int, after: dict[str, Any]) -> None:
        Case.objects.filter(pk=case.pk).update(version=seen + 1, **after)

    patch.setattr(moves, "_update", update)


@finds("clock: ")
def going_back_restarts_the_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clocks, "resume", lambda *_, **__: None)


@finds("done though illegal: ")
def the_permission_is_not_checked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(permissions, "require", lambda *_: None)


@finds("done though illegal: ")
def an_author_may_review_the_own_answer(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(permissions._table, "cases.approve", reviewer)


@finds("deadline: ")
def a_calendar_edit_moves_no_deadline(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clocks, "_columns", _frozen(clocks._columns))


def _frozen(real: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    known: dict[tuple, dict[str, Any]] = {}

    def columns(deadline: Any) -> dict[str, Any]:
        asked = (deadline.start, deadline.days, deadline.unit, deadline.extra, deadline.pauses)
        return known.setdefault(asked, real(deadline))

    return columns


@finds("deadline: ")
def the_first_day_counts(patch: pytest.MonkeyPatch) -> None:
    real = clocks.add_workdays
    patch.setattr(
        clocks, "add_workdays", lambda start, days, table, **more: real(start, days - 1, table, **more)
    )


@finds("deadline: ")
def a_pause_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clocks, "pause_of", lambda *_: None)


@finds("deadline: ")
def an_extension_adds_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clocks, "extend", lambda case, _extra: clocks._columns(Deadline.from_json(case.deadline)))


@finds(
    "(request: |done though illegal: |IntegrityError|CHECK constraint failed|UNIQUE constraint failed|new row )"
)
def a_request_outlives_its_case(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(moves, "_overtake_request", lambda *_: None)


@finds("done though illegal: ")
def an_answer_waits_for_nobody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signing, "refuse_while_open", lambda *_: None)


@finds("done though illegal: ")
def one_signature_is_enough(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(permissions._table, "cases.approve", reviewer & other_than_author)


@finds("done though illegal: ")
def a_lead_objects_again_and_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(objections, "_check_objection", lambda *_: None)
    patch.setitem(permissions._table, "cases.object", permissions._table["cases.dispute"])


@finds("deadline: ")
def a_group_runs_by_the_time_of_its_beginning(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(following, "time_of", _remembered(following.time_of))


def _remembered(real: Callable[[Case], dict[str, Any]]) -> Callable[[Case], dict[str, Any]]:
    known: dict[int, dict[str, Any]] = {}
    return lambda main: known.setdefault(main.pk, real(main))


@finds("(state: |deadline: |the message of )")
def an_answer_reaches_one_firm_only(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(following, "lead_members", lambda *_, **__: None)


# The database will not have a case that waits for one that has ended.
@finds("(done though illegal: |group: |CHECK constraint failed|new row )")
def any_case_can_be_the_main_one(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(groups, "_check_group", lambda *_: None)


@finds("a refusal left no event")
def a_refusal_leaves_no_event(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(service, "record_refusal", lambda **_: None)


@finds("entries: ")
def a_line_of_the_timeline_is_written_twice(patch: pytest.MonkeyPatch) -> None:
    real = moves._append_entry
    patch.setattr(moves, "_append_entry", lambda *given: (real(*given), real(*given))[1])


@finds("done though illegal: ")
def the_state_is_not_checked(patch: pytest.MonkeyPatch) -> None:
    real = moves._row

    def row(work: Any, case: Case, action: str) -> Any:
        # Not after the end: there is no clock there and everything would fall over.
        return real(work, case, action) if case.ended_at else flow(case.flow_version).actions[action]

    patch.setattr(moves, "_row", row)


@finds("person: ")
def a_leavers_cases_stay_behind(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(slots.handovers, "_members", {})


@pytest.mark.long
@pytest.mark.once
@pytest.mark.parametrize("name", sorted(FAULTS))
def test_the_histories_find(db, quick_passwords, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    class Season(Histories):
        office = build()

    sentence, plant = FAULTS[name]
    plant(monkeypatch)
    limits = settings(
        max_examples=400, stateful_step_count=15, phases=[Phase.generate], report_multiple_bugs=False
    )
    with pytest.raises((AssertionError, IntegrityError), match=f"^{sentence}"):
        run_state_machine_as_test(Season, settings=limits)

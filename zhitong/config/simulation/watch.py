"""The promise, checked on every row: never a moment without one owner and one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F

from zhitong.cases.models import Case, Entry, Stretch
from zhitong.cases.states import Owner, flow

if TYPE_CHECKING:
    from collections.abc import Iterator


def faults() -> Iterator[str]:
    """Say what is wrong with any case's owners, clocks or stretches; nothing where the promise is kept."""
    past: dict[int, list[Stretch]] = {}
    for stretch in Stretch.objects.order_by("case", "seq").iterator():
        past.setdefault(stretch.case_id, []).append(stretch)
    moves = _moves()
    for case in Case.objects.iterator():
        known = past.get(case.pk, [])
        if len(known) < moves.get(case.pk, 0):
            yield f"{case.number}: it moved {moves[case.pk]} times and has {len(known)} stretches"
        for fault in (*_now(case), *_history(case, known)):
            yield f"{case.number}: {fault}"


def _moves() -> dict[int, int]:
    """How often each case changed its state, by its timeline."""
    moved = Entry.objects.exclude(from_state="").exclude(from_state=F("to_state"))
    return dict(moved.values_list("case").annotate(count=Count("pk")).order_by())


def _now(case: Case) -> Iterator[str]:
    state = flow(case.flow_version).state(case.state)
    owner = case.intake_id if state.owner == Owner.INTAKE else case.lead_id
    if case.accountable_id != owner:
        yield f"in {case.state} the {state.owner} is accountable, not {case.accountable_id}"
    if state.terminal is not (case.ended_at is not None):
        yield "it ended without its flow, or its flow without it"
    if case.clock != (state.clock or ""):
        yield f"in {case.state} the clock {state.clock} runs, not {case.clock!r}"
    if case.state == "closed" and not (case.answer and case.outcome):
        yield "it was closed without an answer and an outcome"


def _history(case: Case, past: list[Stretch]) -> Iterator[str]:
    if [stretch.seq for stretch in past] != list(range(1, case.stretch)):
        yield "a stretch is missing"
    moment = case.created_at
    for stretch in past:
        if stretch.since != moment:
            yield f"nobody had it between {moment} and {stretch.since}"
        if stretch.accountable_id is None or stretch.due_at is None:
            yield f"stretch {stretch.seq} has no owner or no deadline"
        moment = stretch.until
    if case.stretch_since != moment:
        yield f"nobody had it between {moment} and {case.stretch_since}"

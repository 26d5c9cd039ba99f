"""The one way a case changes: flow, permission, guards, clock, conditional update, stretch, entry, audit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases import finding, queries, reporters
from zhitong.cases.labels import entry_label
from zhitong.cases.models import Ask, Case, Entry, Sounding, Stretch
from zhitong.cases.services import charging, clocks, following
from zhitong.cases.states import (
    UNDECIDED,
    AssistState,
    CallState,
    Decision,
    Outcome,
    Owner,
    Visibility,
    flow,
)
from zhitong.core import permissions, slots
from zhitong.core.actor import Side
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.services import keep_uploads
from zhitong.kernel.workflow import Action, IllegalActionError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from zhitong.core.actor import Actor
    from zhitong.core.service import Work
    from zhitong.core.uploads.inspect import Inspected
    from zhitong.orgs.models import Department


ASKED_IN = "accepted"  # the state in which units are asked beforehand


@dataclass(frozen=True, slots=True)
class Said:
    """What the acting person wrote, who may read it, and for which unit it was entered."""

    text: str = ""
    visibility: str = Visibility.FIRM
    files: Iterable[Inspected] = field(default_factory=tuple)
    unit: Department | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """The day on which a clock runs out that has no length of its own; what an extension adds to it."""

    until: date | None = None
    extra: int = 0
    like: Case | None = None  # another case whose clock this one follows


def move(  # noqa: PLR0913 - everything a step may bring with it
    work: Work,
    *,
    case: Case,
    action: str,
    version: int | None,
    given: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
    said: Said | None = None,
    timing: Timing | None = None,
) -> Case:
    """Carry out `action` on `case` inside a service and return the case as it is now.

    `version` is the version the acting person saw (None: the one in `case`); `given` are the inputs that
    the flow requires, `changes` the columns the action sets besides state, owner and clock; `timing` is what
    the target's clock needs that the profile does not know.
    """
    row = _row(work.by, case, action)
    permissions.require(work.by, row.permission, case)
    _check_inputs(row, case, given or {})
    _check_guards(case, action)
    said = said or Said()
    after = _after(work, case, row, changes or {}, timing or Timing())
    seen = case.version if version is None else version
    _update(work, case, seen, after)
    _append_stretch(work, case, after)
    _overtake_request(work, case, after)
    _end_beside(work, case, after)
    moved = Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake").get(
        pk=case.pk
    )
    charging.follow(case, moved, work.now)
    entry = _append_entry(work, case, moved, action, said)
    keep_uploads(
        work,
        files=said.files,
        subject=f"cases.entry:{entry.pk}",
        visible_to_firm=said.visibility == Visibility.FIRM,
    )
    _tell(work, case, moved, row)
    finding.follow(case, moved)
    following.lead_members(work, case, moved, step=move)
    return moved


def check_possible(*, by: Actor, case: Case, action: str) -> None:
    """Raise FasterError unless the flow allows the action in the case's present state."""
    _row(by, case, action)


def _row(by: Actor, case: Case, action: str) -> Action:
    try:
        return flow(case.flow_version).find(state=case.state, action=action)
    except IllegalActionError as error:
        raise FasterError(
            gettext_noop(
                "This step is no longer possible: the case has moved on. Reload to see where it is."
            ),
            last=_last_entry(by, case),
        ) from error


def _last_entry(by: Actor, case: Case) -> Entry | None:
    """The newest line that a slower person may read, with its words in their language."""
    entry = queries.entries(by, case).order_by("-id").first()
    if entry is not None:
        entry.what = entry_label(flow(case.flow_version), entry.action)
        entry.by_label = reporters.who(by, case, entry)
    return entry


def _check_inputs(row: Action, case: Case, given: dict[str, Any]) -> None:
    for name in row.required:
        if not given.get(name):
            raise FieldError(name, gettext_noop("Please fill in this field."))
    _refuse_unfinished(given)
    outcome = given.get("outcome")
    if outcome and outcome not in Outcome.values:
        raise FieldError("outcome", gettext_noop("Choose one of the outcomes in the list."))
    if outcome == Outcome.PLANNED and not case.grade:
        raise FieldError(
            "outcome",
            gettext_noop("This case has no plan. Ask for a place on the plan first, or say how it ends."),
        )


def _refuse_unfinished(given: dict[str, Any]) -> None:
    """A text in which somebody left a mark to fill in is no text for anybody."""
    for name, text in given.items():
        left = [mark for find in slots.unfinished for mark in find(text)] if isinstance(text, str) else []
        if left:
            msgid = gettext_noop("Fill in what is still open in the text: %(marks)s")
            raise FieldError(name, msgid, marks=" ".join(left))


def held_back(case: Case, action: str) -> str | None:
    """Return the sentence of the first room that holds an action back, None where none does."""
    return next((why for guard in slots.guards if (why := guard(action=action, subject=case))), None)


def _check_guards(case: Case, action: str) -> None:
    reason = held_back(case, action)
    if reason:
        raise RefusedError(reason)


def _after(work: Work, case: Case, row: Action, changes: dict[str, Any], timing: Timing) -> dict[str, Any]:
    """The columns after the action: state, owner and clock follow from the flow, the rest is `changes`."""
    state = flow(case.flow_version).state(row.target_from(case.state))
    lead = changes.get("lead_id", case.lead_id)
    after = {
        **changes,
        "state": state.name,
        "accountable_id": changes.get("intake_id", case.intake_id) if state.owner == Owner.INTAKE else lead,
        **_clock(work, case, row, changes, timing),
    }
    if state.terminal:
        after["ended_at"] = case.ended_at or work.now
    elif case.ended_at is not None:
        after |= {"ended_at": None, "once_ended": True}
    if case.asking and state.name != case.state:
        after["asking"] = ""  # who goes on without waiting for the decision needs none
    return after


def _clock(work: Work, case: Case, row: Action, changes: dict[str, Any], timing: Timing) -> dict[str, Any]:
    if row.clock == "keep":
        return {}
    if row.clock == "stop":
        return dict(clocks.STOPPED)
    if row.clock == "extend":
        return clocks.extend(case, timing.extra)
    if row.clock == "recount":
        kind = changes["kind"]
        return clocks.recount(case, case.clock, sla_version=case.sla_version, kind=kind, now=work.now)
    clock = flow(case.flow_version).state(row.target_from(case.state)).clock or ""
    if timing.like is not None:
        return {"clock": clock, "clock_started_at": work.now, **following.time_of(timing.like)}
    resumed = None
    if row.clock == "resume":
        pauses = flow(case.flow_version).state(case.state).pauses
        resumed = clocks.resume(case, clock, paused=clocks.pause_of(case, work.now) if pauses else None)
    return resumed or clocks.begin(
        clock=clock,
        sla_version=case.sla_version,
        kind=changes.get("kind", case.kind),
        now=work.now,
        until=timing.until,
    )


def _update(work: Work, case: Case, seen: int, after: dict[str, Any]) -> None:
    """One conditional update; no row means that somebody was faster."""
    same = Case.objects.filter(pk=case.pk, version=seen, state=case.state)
    if not same.update(version=seen + 1, **after):
        raise FasterError(last=_last_entry(work.by, case))


def _overtake_request(work: Work, case: Case, after: dict[str, Any]) -> None:
    """Close a request that the case has gone on without; a granted one is decided before the move."""
    if case.asking and after["state"] != case.state:
        Ask.objects.filter(case=case, decision="").update(decision=Decision.LAPSED, decided_at=work.now)


def _end_beside(work: Work, case: Case, after: dict[str, Any]) -> None:
    """End what goes on beside a case and is not needed any more: parts, calls, questions to units."""
    if case.state == ASKED_IN and after["state"] != ASKED_IN:
        asked = Sounding.objects.filter(case=case)
        asked.filter(told_at__isnull=True).update(told_at=work.now)
        asked.filter(ended_at__isnull=True).update(ended_at=work.now)
    if after.get("ended_at") is not None:
        case.assists.filter(ended_at__isnull=True).update(
            state=AssistState.CANCELLED, ended_at=work.now, **UNDECIDED
        )
        case.calls.filter(ended_at__isnull=True).update(state=CallState.NEEDLESS, ended_at=work.now)
    elif after["accountable_id"] != case.accountable_id:
        # Nobody rings a unit whose case it is no longer.
        case.calls.filter(ended_at__isnull=True, callee=case.accountable).update(
            state=CallState.NEEDLESS, ended_at=work.now
        )


OWNERSHIP = ("state", "accountable_id", "person_id")


def _append_stretch(work: Work, case: Case, after: dict[str, Any]) -> None:
    """End the running stretch if state, owner, person or clock changed; the case row begins the next one."""
    changed = any(name in after and after[name] != getattr(case, name) for name in OWNERSHIP)
    clock_ended = "clock" in after
    if not changed and not clock_ended:
        return
    if case.ended_at is not None:  # between its end and its reopening a case has neither owner nor clock
        Case.objects.filter(pk=case.pk).update(stretch_since=work.now)
        return
    Stretch.objects.create(
        case=case,
        seq=case.stretch,
        state=case.state,
        accountable=case.accountable,
        person=case.person,
        since=case.stretch_since,
        until=work.now,
        clock=case.clock,
        clock_started_at=case.clock_started_at,
        due_at=case.due_at,
        deadline=case.deadline,
        clock_ended=clock_ended,
        late=clock_ended and work.now > case.due_at,
    )
    Case.objects.filter(pk=case.pk).update(stretch=case.stretch + 1, stretch_since=work.now)


def _append_entry(work: Work, before: Case, after: Case, action: str, said: Said) -> Entry:
    return Entry.objects.create(
        case=after,
        at=work.now,
        action=action,
        from_state=before.state,
        to_state=after.state,
        by_user_id=work.by.user,
        by_label=work.by.label,
        department=said.unit or speaking_for(work, before),
        text=said.text,
        visibility=said.visibility,
        kind=after.kind if after.kind != before.kind else "",
    )


def speaking_for(work: Work, case: Case) -> Any:
    """Return the unit of a case in whose name somebody of the office acts; None for others."""
    if work.by.side is not Side.STAFF:
        return None
    held = work.by.departments()
    return next(
        (unit for unit in (case.accountable, case.lead, case.intake) if unit and unit.pk in held), None
    )


def _tell(work: Work, before: Case, after: Case, row: Action) -> None:
    work.record(
        after,
        tenant=after.enterprise_id,
        before=before.state,
        after=after.state,
        owner=after.accountable_id,
        person=after.person_id,
        due=after.due_at,
        version=after.version,
    )
    work.emit(f"cases.{row.name}", case=after.pk, state=after.state, version=after.version, by=work.by.user)

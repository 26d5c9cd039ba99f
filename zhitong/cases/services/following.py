"""What the main case of a group brings its members: its time, its answer, or their own way again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.cases.models import Case
from zhitong.core.actor import system
from zhitong.core.service import Work

if TYPE_CHECKING:
    from collections.abc import Callable

ANSWERED = "reviewed"  # the state in which a case has its answer
# Steps that move the day for the answer of which the firm of the main case hears; so do the others.
MOVING = frozenset(
    f"cases.{name}"
    for name in (
        "grant_extension",
        "grant_suspension",
        "grant_plan",
        "resume",
        "end_suspension",
        "reclassify",
        "take_up",
    )
)


def time_of(main: Case) -> dict[str, Any]:
    """Return until when the main case runs, and why, as columns of a member."""
    return {"due_at": main.due_at, "deadline": main.deadline, "provisional": main.provisional}


def lead_members(work: Work, before: Case, after: Case, *, step: Callable[..., Case]) -> None:
    """Let the members of a case follow it; `step` is the one way a case changes."""
    if (after.state, after.due_at) == (before.state, before.due_at):
        return
    members = Case.objects.filter(merged_into=after, state="merged")
    if after.state == ANSWERED:
        answer = {"answer": after.answer, "outcome": after.outcome, "answered_by_id": after.answered_by_id}
        answer |= {name: getattr(after, name) for name in ("lead_id", "person_id", "chain")}
        _each(work, members, "answer_merged", step, changes=answer)
    elif after.ended_at is not None:
        _each(
            work,
            members,
            "separate",
            step,
            changes={"merged_into_id": None},
            given={"reason": after.number},
        )
    else:
        # The version stays: a moved deadline is nobody's competing edit.
        later = work.action in MOVING and after.due_at != before.due_at
        followers = list(members.values_list("pk", flat=True)) if later else []
        members.update(**time_of(after))
        for pk in followers:
            work.emit("cases.follow", case=pk, by=work.by.user)


def _each(work: Work, members: Any, action: str, step: Callable[..., Case], **given: Any) -> None:
    following = Work(f"cases.{action}", by=system("group"), now=work.now)
    for member in members.select_related("enterprise", "accountable", "person", "lead", "intake"):
        step(following, case=member, action=action, version=None, **given)

"""One step on several cases: which of them can take it, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhitong.cases import queries, services
from zhitong.cases.states import flow, newest_flow
from zhitong.core import data, permissions
from zhitong.core.actor import Role
from zhitong.core.errors import FasterError, NotPermittedError, RefusedError
from zhitong.core.http import COUNTS, KEYS, whole
from zhitong.kernel.workflow import IllegalActionError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

MOST = 200
STEPS = {
    "dispatch": (services.dispatch, (Role.DISPATCHER,)),
    "take_back_dispatch": (services.take_back_dispatch, (Role.DISPATCHER,)),
    "redispatch": (services.redispatch, (Role.DISPATCHER,)),
    "remind": (services.remind, (Role.DISPATCHER, Role.SECTION_HEAD, Role.SUPERVISOR, Role.LEADER)),
    "assign": (services.assign, (Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)),
}
# Steps that are offered where they take something back, not above a list.
BACK = {"dispatch": "take_back_dispatch"}


@dataclass(frozen=True, slots=True)
class Row:
    """A chosen case, the version that was seen, and why it cannot take the step (empty: it can)."""

    case: Case
    version: int
    against: str
    allowed: bool = True  # the state is against it, not who asks


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen cases in sight; `over` says how many were beyond the limit."""

    rows: list[Row]
    over: int

    @property
    def possible(self) -> list[Row]:
        """The cases that can take the step."""
        return [row for row in self.rows if not row.against]

    def check(self) -> None:
        """Refuse a form that is sent for cases none of which can take the step."""
        if self.possible:
            return
        if any(row.allowed for row in self.rows):
            raise FasterError(gettext_noop("None of the chosen cases can take this step any more."))
        raise NotPermittedError


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case."""

    case: Case
    done: bool
    sentence: str


def steps(actor: Actor) -> list[tuple[str, str]]:
    """Return the steps that are offered to somebody with these posts on several cases, with their labels."""
    return [(name, label(name)) for name in STEPS if name not in BACK.values() and takes(actor, name)]


def takes(actor: Actor, step: str) -> bool:
    """Whether somebody with these posts takes a step on several cases."""
    return step in STEPS and bool(actor.roles & set(STEPS[step][1]))


def back(step: str, receipt: Iterable[Done]) -> dict[str, Any] | None:
    """Return which step takes back what a receipt says is done, and for which cases; None where none does."""
    done = [row.case for row in receipt if row.done and BACK.get(step) in flow(row.case.flow_version).actions]
    return {"step": BACK[step], "cases": done} if step in BACK and done else None


def label(step: str) -> str:
    """Return the words for a step in the reader's language."""
    return data.label(newest_flow().actions[step].label)


def chosen(actor: Actor, step: str, numbers: Iterable[str]) -> Chosen:
    """Return the chosen cases that the actor sees; `numbers` are keys, with the version if one was seen."""
    seen: dict[int, int | None] = {}
    for number in numbers:
        typed, _sign, version = number.partition(":")
        pk = whole(typed, below=KEYS)
        if pk is not None:
            seen[pk] = whole(version, below=COUNTS)
    found = queries.visible(actor).filter(pk__in=list(seen)[:MOST]).order_by("id")
    rows = [_row(actor, step, case, seen[case.pk]) for case in found]
    rows.sort(key=lambda row: bool(row.against))
    return Chosen(rows, max(0, len(seen) - MOST))


def _row(actor: Actor, step: str, case: Case, version: int | None) -> Row:
    version = version or case.version
    try:
        row = flow(case.flow_version).find(state=case.state, action=step)
    except IllegalActionError:
        return Row(case, version, _("This step is not possible in its present state."))
    if not permissions.may(actor, row.permission, case):
        return Row(case, version, _("This step is not yours to take."), allowed=False)
    return Row(case, version, "")


def run(*, by: Actor, now: datetime, step: str, chosen: Chosen, given: dict[str, Any]) -> list[Done]:
    """Take the step on each case by itself; what one is refused does not hold up the others.

    The key of the form makes each case's step happen once, however often the form is sent.
    """
    service = STEPS[step][0]
    inputs = {name: value for name, value in given.items() if name != "key"}
    receipt = []
    for row in chosen.possible:
        key = f"{given['key'][:32]}:{row.case.pk}" if given["key"] else ""
        try:
            moved = service(by=by, now=now, key=key, case=row.case, version=row.version, **inputs)
        except RefusedError as refusal:
            receipt.append(Done(row.case, done=False, sentence=refusal.message))
        else:
            receipt.append(Done(moved, done=True, sentence=""))
    return receipt + [Done(row.case, done=False, sentence=row.against) for row in chosen.rows if row.against]

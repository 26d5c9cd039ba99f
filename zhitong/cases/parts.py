"""Another department's part in a case, in words: which steps are open to whom, its clock, its status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhitong.cases import queries
from zhitong.cases.models import Assist
from zhitong.cases.pages import Button, Clock, clock_of
from zhitong.cases.states import OPEN_ASSISTS, AssistState, clock_row
from zhitong.core import data, permissions
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.core.hanging import hangs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.kernel.calendar import DayTable


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a part: its words, in which states, by whose leave; the first open one is primary."""

    label: Any
    states: tuple[str, ...]
    permission: str
    danger: bool = False


RUNNING = (AssistState.SENT, AssistState.TAKEN)
STEPS = {
    "take": Step(_("Take the part up"), (AssistState.SENT,), "cases.take_assist"),
    "answer": Step(_("Reply"), RUNNING, "cases.answer_assist"),
    "assign": Step(_("Assign a person"), OPEN_ASSISTS, "cases.assign_assist"),
    "return": Step(_("Not ours"), RUNNING, "cases.answer_assist"),
    "insist": Step(_("It stays theirs"), (AssistState.RETURNED,), "cases.steer_assist"),
    "cancel": Step(_("Call off"), OPEN_ASSISTS, "cases.steer_assist", danger=True),
}
OWN = ("take", "answer", "return")  # of the helping department itself


@dataclass(frozen=True, slots=True)
class Runs:
    """What runs out: a moment and its deadline."""

    due_at: datetime
    deadline: dict[str, Any]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One department's part with the clock that runs now and the steps open to the reader."""

    assist: Assist
    clock: Clock | None
    buttons: list[Button]

    @property
    def own_steps(self) -> list[Button]:
        """The steps of the helping department itself."""
        return [button for button in self.buttons if button.name in OWN]


def of_case(actor: Actor, case: Case, now: datetime) -> list[Part]:
    """The parts of other departments in a case as a reader sees them, oldest first."""
    return parts(actor, queries.assists(case), now) if hangs(Assist, case) else []


def parts(actor: Actor, rows: Iterable[Assist], now: datetime) -> list[Part]:
    """Return parts as a reader sees them; the calendar is read once for all."""
    table = core_queries.day_table(local_date(now))
    return [
        Part(
            row,
            None if row.ended_at else _clock(row, now, table),
            [_button(name, step, row) for name, step in STEPS.items() if _open(actor, step, row)],
        )
        for row in rows
    ]


def _clock(row: Assist, now: datetime, table: DayTable) -> Clock:
    """The helping department's clock; while it objects, that of whoever decides."""
    name, runs = "assist", Runs(row.due_at, row.deadline, row.provisional)
    if row.state == AssistState.RETURNED:
        name, runs = "decide", Runs(row.decide_due_at, row.decide_deadline, row.decide_provisional)
    version = row.case.sla_version
    return clock_of(runs, data.label(clock_row(version, name)["label"]), now, table, version)


def _open(actor: Actor, step: Step, row: Assist) -> bool:
    return row.state in step.states and permissions.may(actor, step.permission, row)


def _button(name: str, step: Step, row: Assist) -> Button:
    url = reverse(f"cases:{name}_assist", args=[row.pk])
    return Button(name, str(step.label), url, primary=False, danger=step.danger)

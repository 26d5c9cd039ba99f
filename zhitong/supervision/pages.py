"""What the pages of a matter show: steps open to the reader, lamps in words, reports with their files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhitong.cases.states import profile
from zhitong.core import lamps, permissions
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.supervision import queries
from zhitong.supervision.states import OPEN_TASKS, WITH_UNIT, Standing, TaskState, rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.lamps import Clock
    from zhitong.core.models import Upload
    from zhitong.kernel.calendar import DayTable
    from zhitong.supervision.models import Line, Matter, Measure, Report, Task, WeekItem


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a task: its words, in which states it is possible."""

    label: Any
    states: tuple[str, ...]
    danger: bool = False


STEPS = {
    "sign": Step(_("Sign for it"), (TaskState.ISSUED,)),
    "report": Step(_("Report progress"), (TaskState.SIGNED,)),
    "close_report": Step(_("Report that it is done"), (TaskState.SIGNED,)),
    "clear": Step(_("Clear the task"), (TaskState.REPORTED,)),
    "send_back": Step(_("Send back"), (TaskState.REPORTED,)),
    "remind": Step(_("Urge"), WITH_UNIT),
    "talk": Step(_("Write down a talk with the unit"), WITH_UNIT),
    "circular": Step(_("Issue a circular"), WITH_UNIT, danger=True),
    "cancel": Step(_("Cancel the task"), WITH_UNIT, danger=True),
}
ACTIONS = {
    "issue": _("Issued"),
    "sign": _("Signed for"),
    "report": _("Progress reported"),
    "close_report": _("Reported as done"),
    "clear": _("Cleared"),
    "send_back": _("Sent back"),
    "remind": _("Urged"),
    "cancel": _("Cancelled"),
    "talk": _("Called in for a talk"),
    "circular": _("Criticised in a circular"),
    "tell_overdue": _("Overdue, the unit was told"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """One step that is open to the reader."""

    name: str
    label: str
    url: str
    danger: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One task with its clock; the clock stands still while the unit waits for the clearing."""

    task: Task
    clock: Clock | None


@dataclass(frozen=True, slots=True)
class Said:
    """A report with its files."""

    report: Report
    files: list[Upload]


@dataclass(frozen=True, slots=True)
class Card:
    """One unit's task on the page of its matter."""

    task: Task
    clock: Clock | None
    buttons: list[Button]
    reports: list[Said]
    lines: list[Line]
    measures: list[Measure]

    @property
    def sent_back(self) -> Line | None:
        """Why the unit has the task again, until it reports again."""
        if self.task.state not in WITH_UNIT:
            return None
        return next((line for line in reversed(self.lines) if line.action == "send_back"), None)


def rows(tasks: Iterable[Task], now: datetime) -> list[Row]:
    """Tasks with their clocks in words; the calendar is read once for all."""
    today = local_date(now)
    table, lamp = core_queries.day_table(today), rules(today)["lamp"]
    label = str(_("Deadline of the task"))
    return [
        Row(task, lamps.clock_of(task, label, now, table, lamp) if task.state in WITH_UNIT else None)
        for task in tasks
    ]


@dataclass(frozen=True, slots=True)
class Listed:
    """One case on a weekly list: how it stands, its clock while it is open, what the reader can do."""

    item: WeekItem
    standing: str
    tone: str
    clock: Clock | None
    steps: list[Button]


TONES = {Standing.OPEN: "warning", Standing.CLEARED: "success"}
ITEM_STEPS = {"say_why": _("Say why it is not cleared"), "take_off": _("Take it off the list")}


def week_rows(actor: Actor, items: Iterable[WeekItem], now: datetime) -> list[Listed]:
    """The cases of a list as a reader sees them; the calendar is read once for all."""
    table, label = core_queries.day_table(local_date(now)), str(_("Deadline"))
    return [_listed(actor, item, now, table, label) for item in items]


def _listed(actor: Actor, item: WeekItem, now: datetime, table: DayTable, label: str) -> Listed:
    case, standing = item.case, Standing(item.standing)
    runs = standing == Standing.OPEN and case.due_at is not None
    clock = lamps.clock_of(case, label, now, table, profile(case.sla_version)["lamp"]) if runs else None
    steps = []
    if standing == Standing.OPEN:
        steps = [
            Button(name, str(text), reverse(f"supervision:{name}", args=[item.pk]), danger=False)
            for name, text in ITEM_STEPS.items()
            if (name == "say_why" or item.week.ends_at > now)
            and permissions.may(actor, f"supervision.{name}", item)
        ]
    return Listed(item, str(standing.label), TONES.get(standing, "neutral"), clock, steps)


def week_tabs(numbers: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    """The standings as ways to their rows, each with its number."""
    names = [("", _("All")), *Standing.choices]
    return [
        {"key": key, "label": label, "number": numbers[key or "all"], "chosen": key == chosen}
        for key, label in names
    ]


def cards(actor: Actor, matter: Matter, now: datetime) -> list[Card]:
    """The tasks of a matter as a reader sees them, with steps, reports and history."""
    shown = list(queries.tasks(actor).filter(matter=matter).order_by("id"))
    said, history = _reports(shown), list(queries.lines(shown))
    taken = list(queries.measures(shown))
    for line in history:
        line.label = ACTIONS.get(line.action, line.action)
    return [
        Card(
            row.task,
            row.clock,
            steps(actor, row.task, now),
            [one for one in said if one.report.task_id == row.task.pk],
            [line for line in history if line.task_id == row.task.pk],
            [one for one in taken if one.task_id == row.task.pk],
        )
        for row in rows(shown, now)
    ]


def _reports(shown: list[Task]) -> list[Said]:
    found = list(queries.reports(shown))
    files = core_queries.uploads_of_many(f"supervision.report:{row.pk}" for row in found)
    return [
        Said(row, [file for file in files if file.subject == f"supervision.report:{row.pk}"]) for row in found
    ]


def steps(actor: Actor, task: Task, now: datetime) -> list[Button]:
    """The steps of a task that are open to the reader now, in the order of the table."""
    open_ = [name for name in STEPS if _open(actor, name, task)]
    measures = {"talk", "circular"}.intersection(open_)
    follows = queries.next_measure(task, now) if measures else ""
    return [_button(name, task) for name in open_ if name not in measures or name == follows]


def _open(actor: Actor, name: str, task: Task) -> bool:
    return task.state in STEPS[name].states and permissions.may(actor, f"supervision.{name}", task)


def _button(name: str, task: Task) -> Button:
    url = reverse(f"supervision:{name}", args=[task.pk])
    return Button(name, str(STEPS[name].label), url, STEPS[name].danger)


def standing(found: list[Card]) -> dict[str, int]:
    """How many of the shown tasks are open, and how many there are."""
    return {"open": sum(card.task.state in OPEN_TASKS for card in found), "all": len(found)}

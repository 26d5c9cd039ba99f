"""What the pages of a case show: buttons from the flow, progress, clock in words, timeline."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhitong.cases import queries, reporters
from zhitong.cases.finding import Hit, hit
from zhitong.cases.forms import ACTION_FORMS
from zhitong.cases.labels import entry_label
from zhitong.cases.states import Asking, flow, grades, kinds, profile
from zhitong.core import data, lamps, permissions
from zhitong.core import queries as core_queries
from zhitong.core.actor import Side
from zhitong.core.clock import local_date
from zhitong.core.lamps import Clock
from zhitong.enterprises import queries as enterprise_queries
from zhitong.kernel.calendar import Deadline
from zhitong.orgs.states import SIGNING, chain_step, chain_steps

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from zhitong.cases.models import Ask, Case, Entry
    from zhitong.core.actor import Actor
    from zhitong.core.models import Upload
    from zhitong.enterprises.queries import Named
    from zhitong.kernel.calendar import DayTable
    from zhitong.kernel.workflow import Action

ASKING = frozenset({"return", "reject", "object"})
LAMP = {"yellow_days": 2, "yellow_percent": 100}  # of profiles that lay down none


@dataclass(frozen=True, slots=True)
class Button:
    """One action that is open to the reader."""

    name: str
    label: str
    url: str
    primary: bool
    danger: bool


def buttons(actor: Actor, case: Case) -> list[Button]:
    """The actions of the flow that this actor may take now, in the order of the table."""
    side = "firm" if actor.side is Side.FIRM else "staff"
    rows = flow(case.flow_version).available(case.state, side)
    return [_button(row, case) for row in rows if permissions.may(actor, row.permission, case)]


def _button(row: Action, case: Case) -> Button:
    url = reverse(f"{row.room or 'cases'}:{row.name}", args=[case.pk])
    return Button(row.name, data.label(row.label), url, row.primary, row.danger)


BACK = {"dispatch": "take_back_dispatch", "answer": "take_back_answer"}


def way_back(actor: Actor, name: str, after: Any) -> dict[str, Any]:
    """Where and with what a step is taken back that was just done; empty where it cannot be."""
    row = flow(after.flow_version).actions.get(BACK[name]) if name in BACK else None
    if row is None or not permissions.may(actor, row.permission, after):
        return {}
    return {"back": reverse(f"cases:{row.name}", args=[after.pk]), "version": after.version}


def action_form(name: str, case: Case, now: datetime) -> Any:
    """Return an unbound form for an action whose page stands in this room; None for others."""
    form = ACTION_FORMS.get(name)
    return form(case=case, now=now, auto_id=f"id_{name}_%s") if form else None


def clock(case: Case, now: datetime, table: DayTable | None = None) -> Clock | None:
    """Return the running clock of a case in words; None when the case has ended."""
    if case.due_at is None:
        return None
    label = data.label(profile(case.sla_version)["clock"][case.clock]["label"])
    table = table or core_queries.day_table(local_date(now))
    return clock_of(case, label, now, table, case.sla_version)


def clock_of(row: Any, label: str, now: datetime, table: DayTable, sla_version: int) -> Clock:
    """Return a clock in words; `row` has due_at, deadline and provisional."""
    return lamps.clock_of(row, label, now, table, profile(sla_version).get("lamp", LAMP))


def steps(case: Case) -> list[dict[str, Any]]:
    """The firm's progress line: five steps, which are done and which is now."""
    labels = [_("Submitted"), _("Accepted"), _("In handling"), _("Answered"), _("Rated")]
    state = flow(case.flow_version).state(case.state)
    now = len(labels) + 1 if case.state == "closed" else state.firm_step
    return [
        {"label": label, "state": "done" if number < now else "now" if number == now else "next", "note": ""}
        for number, label in enumerate(labels, start=1)
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One case in a list; `hit` says where the words stand that were searched for."""

    case: Case
    clock: Clock | None
    url: str
    hit: Hit | None = None


def rows(cases: Iterable[Case], now: datetime, table: DayTable | None = None) -> list[Row]:
    """Cases with their clocks in words; calendar and address are looked up once for the whole list."""
    table = table or core_queries.day_table(local_date(now))
    before, after = reverse("cases:detail", args=[0]).split("0")
    return [Row(case, clock(case, now, table), f"{before}{case.pk}{after}") for case in cases]


def found_rows(actor: Actor, cases: Iterable[Case], words: tuple[str, ...], now: datetime) -> list[Row]:
    """Cases as `rows` gives them, with the places of the words that were searched for."""
    plain = rows(cases, now)
    return [replace(row, hit=hit(actor, row.case, words)) for row in plain] if words else plain


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline with the files that hang on it."""

    entry: Entry
    label: str
    unit: str  # of whoever took the step
    files: list[Upload]
    by: str
    kind: str  # the kind of matter that the step gave the case, in the reader's words
    text: str  # what was said, as this reader may read it


def timeline(actor: Actor, case: Case) -> list[Line]:
    """The lines this actor may read, newest first, with labels from the flow."""
    entries = queries.lines(actor, case)
    files: dict[str, list[Upload]] = {}
    for file in core_queries.uploads_of_many(
        (f"cases.entry:{entry.pk}" for entry in entries), firm=actor.side is Side.FIRM
    ):
        file.name = reporters.said(actor, case, file.name)
        files.setdefault(file.subject, []).append(file)
    table = flow(case.flow_version)
    return [
        Line(
            entry,
            *_step(table, entry),
            files.get(f"cases.entry:{entry.pk}", []),
            reporters.who(actor, case, entry),
            kinds(case.sla_version).get(entry.kind, ""),
            reporters.said(actor, case, entry.text),
        )
        for entry in reversed(entries)
    ]


def _step(table: Any, entry: Entry) -> tuple[str, str]:
    """What was done, and the unit that did it; a question carries the unit that is asked."""
    unit = entry.department.label if entry.department else ""
    if entry.action == "sound" and unit:
        return _("Asked %(unit)s whether it is its duty") % {"unit": unit}, ""
    return entry_label(table, entry.action), unit


def asked(lines: list[Line]) -> Line | None:
    """What the last step asked of whoever is next (a supplement, a better answer), or None."""
    last = next((line for line in lines if line.entry.to_state != line.entry.from_state), None)
    return last if last is not None and last.entry.action in ASKING else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a deadline is when it is: the days counted, stepped over, and taken out by a pause."""

    deadline: Deadline
    skipped: list[dict[str, Any]]
    paused: list[date]


def explanation(case: Case) -> Explanation | None:
    """Return why the running deadline is when it is; None when the case has ended."""
    if not case.deadline:
        return None
    deadline = Deadline.from_json(case.deadline)
    skipped = [{"date": day, "why": _why(kind, name)} for day, kind, name in deadline.skipped]
    return Explanation(deadline, skipped, list(deadline.paused))


@dataclass(frozen=True, slots=True)
class Request:
    """The request that waits for its decision, in words."""

    ask: Ask
    label: str
    wanted: str
    stages: list[tuple[str, str]]


def request_of(case: Case) -> Request | None:
    """Return the open request of a case in words; None where none is open."""
    ask = queries.open_ask(case)
    if ask is None:
        return None
    words = {
        Asking.EXTENSION: lambda: _extension_words(case, ask.wanted["days"]),
        Asking.SUSPENSION: lambda: _("until %(day)s") % {"day": ask.wanted["until"]},
        Asking.PLAN: lambda: grades(case.sla_version)[ask.wanted["grade"]],
    }
    stages = [(goal, day) for goal, day in ask.wanted.get("stages", [])]
    return Request(ask, ask.get_kind_display(), words[Asking(ask.kind)](), stages)


def _extension_words(case: Case, days: int) -> str:
    if Deadline.from_json(case.deadline).unit == "day":
        return _("%(n)d days more") % {"n": days}
    return _("%(n)d working days more") % {"n": days}


@dataclass(frozen=True, slots=True)
class Signature:
    """The next signature under an answer, and which of how many it is."""

    label: str
    number: int
    count: int


def signature(case: Case) -> Signature | None:
    """Return the signature that an answer waits for; None where none does."""
    if case.state != "answered":
        return None
    name = case.chain or SIGNING
    step = chain_step(name, case.chain_step)
    return Signature(step.label, case.chain_step + 1, len(chain_steps(name)))


SIGNING_LINES = ("answer", "answer_for", "review", "approve")
DRAFTED = frozenset({"answer", "answer_for"})


def signatures(lines: list[Line]) -> list[Line]:
    """Who drafted, approved and signed the answer that stands, in this order; `lines` are newest first."""
    found: list[Line] = []
    for line in lines:
        if line.entry.action in SIGNING_LINES:
            found.insert(0, line)
        if line.entry.action in DRAFTED:
            break
    return found


def _why(kind: str, name: str) -> str:
    words = {
        "weekend": _("weekend"),
        "holiday": _("public holiday"),
        "local_off": _("local day off"),
    }
    return words.get(str(kind), "") if not name else f"{words.get(str(kind), '')} ({name})"


def firms_meant(actor: Actor, case: Case, words: str, now: datetime) -> list[Named]:
    """Return the firms that a case without one may mean, with why, and those that words find."""
    return enterprise_queries.candidates(
        actor, text=f"{case.title} {case.text}", names=[case.reporter], words=words, today=local_date(now)
    )

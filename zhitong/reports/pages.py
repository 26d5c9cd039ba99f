"""A report as page, document and workbook show it: the kept figures, and where they differ now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhitong.cases import queries as case_queries
from zhitong.reports import figures
from zhitong.reports.values import Teller, text
from zhitong.supervision import queries as supervision_queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.reports.models import Report

COUNTS = ("received", "ended", "on_time", "running", "overdue")
VISITS = ("valid", "contacted", "solved", "satisfied", "fair", "dissatisfied", "silent")
LABELS = {
    "received": gettext_lazy("Received"),
    "ended": gettext_lazy("Cases closed"),
    "on_time": gettext_lazy("Handled in time"),
    "running": gettext_lazy("Cases running"),
    "overdue": gettext_lazy("Overdue"),
    "valid": gettext_lazy("Valid return visits"),
    "contacted": gettext_lazy("Firm was contacted"),
    "solved": gettext_lazy("Trouble is gone"),
    "satisfied": gettext_lazy("Satisfied"),
    "fair": gettext_lazy("Fairly satisfied"),
    "dissatisfied": gettext_lazy("Dissatisfied"),
    "silent": gettext_lazy("Closed without a word from the firm"),
    "excluded": gettext_lazy("Left out"),
    "on_time_rate": gettext_lazy("Handled in time, %"),
    "contacted_rate": gettext_lazy("Response rate, %"),
    "solved_rate": gettext_lazy("Solution rate, %"),
    "satisfied_rate": gettext_lazy("Satisfaction rate, %"),
}
WHY = {"overdue": gettext_lazy("Overdue"), "dissatisfied": gettext_lazy("Firm dissatisfied")}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its name, its value as it was kept, its rows, and what it is now if that differs."""

    name: str
    value: int
    url: str
    now: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one unit."""

    key: str
    label: str
    figures: dict[str, Figure]
    rates: dict[str, str]

    def counts(self) -> list[Figure]:
        """The figures of handling."""
        return [self.figures[name] for name in COUNTS]

    def visits(self) -> list[Figure]:
        """The figures of return visits."""
        return [self.figures[name] for name in VISITS]

    def three(self) -> list[str]:
        """The three rates, each with a dash where there is none."""
        return [self.rates[name] for name in ("contacted", "solved", "satisfied")]


@dataclass(frozen=True, slots=True)
class Compared:
    """A unit's figures of this period beside those of the period before."""

    label: str
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Case:
    """A case that needs attention, as the reader may see it."""

    case: Any
    firm: str
    lead: str
    why: str
    due: str
    days: str


@dataclass(frozen=True, slots=True)
class Task:
    """A supervised task that was not cleared."""

    task: Any
    due: str
    days: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as its reader may see it."""

    report: Report
    lines: list[Line]
    compared: list[Compared]
    attention: list[Case]
    hidden: int
    tasks: list[Task]
    hidden_tasks: int
    changed: int

    @property
    def whole(self) -> Line:
        """The figures of all units together."""
        return self.lines[0]

    @property
    def before(self) -> tuple[Any, Any]:
        """The first and last day of the period before."""
        return figures.before(self.report.begin, self.report.end)


def show(actor: Actor, report: Report, now: datetime) -> Shown:
    """Return a report as the actor may see it, its figures beside those of now."""
    kept = report.figures
    view = figures.lens(actor, report.department, overseeing=report.overseeing)
    today = {line["key"]: line for line in figures.counted(view, report.begin, report.end, now)}
    lines = [_line(report, line, today.get(line["key"])) for line in kept["units"]]
    attention = _attention(actor, kept["attention"], now)
    tasks = _tasks(actor, kept["tasks"])
    return Shown(
        report,
        lines,
        [_compared(line, kept["before"]) for line in kept["units"]],
        attention,
        len(kept["attention"]) - len(attention),
        tasks,
        len(kept["tasks"]) - len(tasks),
        sum(figure.now is not None for line in lines for figure in line.figures.values()),
    )


def _line(report: Report, line: dict[str, Any], today: dict[str, Any] | None) -> Line:
    found = {}
    for name, cases in line["cases"].items():
        now = len(today["cases"][name]) if today else 0
        query = urlencode({"report": report.pk, "unit": line["key"], "figure": name})
        url = f"{reverse('reports:ledger')}?{query}"
        found[name] = Figure(name, len(cases), url, now if now != len(cases) else None)
    rates = {name: text(line["rates"].get(name)) for name in ("on_time", "contacted", "solved", "satisfied")}
    return Line(line["key"], figures.unit_label(line), found, rates)


def _compared(line: dict[str, Any], before: dict[str, Any] | None) -> Compared:
    """Return a unit's figures in pairs; where nothing is known of the period before, a dash."""
    then = None if before is None else before.get(line["key"], {})
    cells: list[str] = []
    for name in ("received", "ended"):
        cells += [str(len(line["cases"][name])), text(None if then is None else then.get(name, 0))]
    for name in ("on_time", "satisfied"):
        rates = {} if then is None else then.get("rates", {})
        cells += [text(line["rates"].get(name)), text(rates.get(name))]
    return Compared(figures.unit_label(line), cells)


def _attention(actor: Actor, kept: list[dict[str, Any]], now: datetime) -> list[Case]:
    seen = case_queries.visible(actor).in_bulk([row["case"] for row in kept])
    teller = Teller(actor, now)
    return [
        Case(
            case,
            text(teller.row(case, ["firm"], 0)[0]),
            case.lead.label if case.lead else text(None),
            _(", ").join(str(WHY[why]) for why in row["why"]),
            text(row["due"]),
            text(row["days"]),
        )
        for row in kept
        if (case := seen.get(row["case"])) is not None
    ]


def _tasks(actor: Actor, kept: list[dict[str, Any]]) -> list[Task]:
    seen = supervision_queries.tasks(actor).in_bulk([row["task"] for row in kept])
    return [
        Task(seen[row["task"]], text(row["due"]), text(row["days"])) for row in kept if row["task"] in seen
    ]


def numbers_behind(line: Line) -> list[str]:
    """Return the three rates with the numbers they follow from, as paper shows them."""
    valid = line.figures["valid"].value
    parts = [
        f"{line.figures['contacted'].value}/{valid}",
        f"{line.figures['solved'].value}/{valid}",
        "/".join(str(line.figures[name].value) for name in ("satisfied", "fair", "dissatisfied")),
    ]
    rates = line.three()
    return [f"{rate} ({part})" if valid else rate for rate, part in zip(rates, parts, strict=True)]


def title(report: Report) -> str:
    """Return the title of a report."""
    names = {
        "week": _("Weekly report on the matters of firms"),
        "month": _("Monthly report on the matters of firms"),
        "bulletin": _("Bulletin on the handling of matters of firms"),
    }
    return names[report.kind]


Table = tuple[str, list[str], list[list[Any]]]


def tables(shown: Shown) -> list[Table]:
    """Return what page, document and workbook show: title, headings and rows of each table."""
    labels = {name: str(label) for name, label in LABELS.items()}
    return [
        _counts(shown, labels),
        _visits(shown, labels),
        _compared_table(shown, labels),
        _attention_table(shown),
        _task_table(shown),
    ]


def _counts(shown: Shown, labels: dict[str, str]) -> Table:
    heads = [_("Unit"), *(labels[name] for name in COUNTS), labels["on_time_rate"]]
    rows = [
        [line.label, *(figure.value for figure in line.counts()), line.rates["on_time"]]
        for line in shown.lines
    ]
    return _("How units handle cases"), heads, rows


def _visits(shown: Shown, labels: dict[str, str]) -> Table:
    rates = [labels[f"{name}_rate"] for name in ("contacted", "solved", "satisfied")]
    rows = [[line.label, line.figures["valid"].value, *numbers_behind(line)] for line in shown.lines]
    return _("Return visits and the three rates"), [_("Unit"), labels["valid"], *rates], rows


def _compared_table(shown: Shown, labels: dict[str, str]) -> Table:
    heads = [_("Unit")]
    for name in ("received", "ended", "on_time_rate", "satisfied_rate"):
        heads += [labels[name], _("The period before")]
    return _("Compared with the period before"), heads, [[row.label, *row.cells] for row in shown.compared]


def _attention_table(shown: Shown) -> Table:
    heads = [_("Number"), _("Firm"), _("Title"), _("Lead department"), _("Why"), _("Due"), _("Days overdue")]
    rows = [
        [row.case.number, row.firm, row.case.title, row.lead, row.why, row.due, row.days]
        for row in shown.attention
    ]
    return _("Cases that need attention"), heads, rows


def _task_table(shown: Shown) -> Table:
    heads = [_("Number"), _("Title"), _("Unit"), _("State"), _("Due"), _("Days overdue")]
    rows = []
    for row in shown.tasks:
        matter, unit = row.task.matter, row.task.department
        rows.append(
            [matter.number, matter.title, unit.label, row.task.get_state_display(), row.due, row.days]
        )
    return _("Supervised matters that are not cleared"), heads, rows


def overview(shown: Shown) -> str:
    """Return the sentence at the head of a report."""
    whole = {name: figure.value for name, figure in shown.whole.figures.items()}
    return _(
        "From %(begin)s to %(end)s %(received)d cases came in and %(ended)d were closed, %(on_time)d of "
        "these in time. %(running)d are running, %(overdue)d of these overdue. Of %(valid)d valid return "
        "visits %(satisfied)d were satisfied, %(fair)d fairly satisfied and %(dissatisfied)d dissatisfied."
    ) % {**whole, "begin": shown.report.begin, "end": shown.report.end}

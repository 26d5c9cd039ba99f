"""The figures of a report, counted from rows that are kept with them. In the order of units; no rankings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.cases import queries as case_queries
from zhitong.core import data
from zhitong.core import queries as core_queries
from zhitong.core.actor import Actor, Post, Role, Side
from zhitong.core.clock import local_date
from zhitong.feedback import queries as feedback_queries
from zhitong.kernel.calendar import workdays_between
from zhitong.orgs import queries as org_queries
from zhitong.reports.queries import HEADS, OVERSEERS, overdue
from zhitong.reports.states import ReportKind
from zhitong.supervision import queries as supervision_queries
from zhitong.supervision.states import OPEN_TASKS

if TYPE_CHECKING:
    from zhitong.orgs.models import Department

ALL = "all"
NOW = ("running", "overdue")  # figures of the moment, not of the period
KEPT = (
    "received", "ended", "on_time", "running", "overdue", "valid", "contacted", "solved", "satisfied", "fair",
    "dissatisfied", "silent", "excluded",
)  # fmt: skip
# What templates may show beside them: counts that no report keeps, and rates.
MORE = (
    "open_before", "came", "left", "open_after", "charged", "taken_up", "to_contact", "first_contact",
    "to_visit", "visited",
)  # fmt: skip
COUNTED = ("received", "ended", "running", "overdue", "on_time", *MORE)
SHARES = ("on_time", "contacted", "solved", "satisfied", "taken_up", "first_contact", "visited")
COMPARED = ("received", "ended", "on_time")
MOST = 200  # cases that need attention, and open tasks, in one report
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def overseen(actor: Actor, department: Department) -> bool:
    """Whether the actor's figures of a unit are those of everything at and below it."""
    return department.pk in actor.departments(*OVERSEERS)


def lens(actor: Actor, department: Department, *, overseeing: bool) -> Actor:
    """Return the actor whose figures those of the unit are, whoever of it asks.

    The reader's own posts stay in it without any right, so that nobody counts a case about their own unit.
    """
    role = Role.SUPERVISOR if overseeing else Role.SECTION_HEAD
    blind = tuple(replace(post, role=Role.AUDIT_ADMIN) for post in actor.posts)
    posts = (Post(role, department.pk, department.path), *blind)
    return Actor(side=Side.STAFF, user=actor.user, label=actor.label, posts=posts)


def span(kind: str, today: date, *, back: int = 0) -> tuple[date, date]:
    """Return the first and last day of the week or month that a day lies in, or of one before it."""
    if kind == ReportKind.WEEK:
        begin = today - timedelta(days=today.weekday()) - back * WEEK
        return begin, begin + WEEK - DAY
    begin = today.replace(day=1)
    for _month in range(back):
        begin = (begin - DAY).replace(day=1)
    return begin, (begin + timedelta(days=31)).replace(day=1) - DAY


def before(begin: date, end: date) -> tuple[date, date]:
    """Return the period before one: the month before a whole month, else as many days."""
    if begin.day == 1 and (end + DAY).day == 1 and (begin.year, begin.month) == (end.year, end.month):
        return (begin - DAY).replace(day=1), begin - DAY
    return begin - (end - begin) - DAY, begin - DAY


def counted(
    view: Actor, begin: date, end: date, now: datetime, wanted: tuple[str, ...] = KEPT
) -> list[dict[str, Any]]:
    """Return the wanted figures of every unit: the cases behind each, and the rates; the whole first."""
    found = {row.key: row for row in feedback_queries.unit_figures(view, begin, end, now=now)}
    standing = _standing(view, now)
    labels = {str(unit.pk): unit for unit in org_queries.departments(active=False)}
    keys = [ALL, *(key for key in labels if key in found or key in standing)]
    keys += [""] if "" in found or "" in standing else []
    return [_line(key, labels.get(key), found.get(key), standing.get(key, {}), wanted) for key in keys]


def _line(
    key: str, unit: Department | None, row: Any, standing: dict[str, list[int]], wanted: tuple[str, ...]
) -> dict[str, Any]:
    cases = {**(row.cases if row else {}), **standing}
    return {
        "key": key,
        "zh": unit.name if unit else "",
        "en": unit.name_en if unit else "",
        "cases": {figure: sorted(set(cases.get(figure, []))) for figure in wanted},
        "rates": row.rates if row else {},
    }


def unit_label(line: dict[str, Any]) -> str:
    """Return the name of the unit of a line in the reader's language."""
    names = {ALL: _("Total"), "": _("Not given yet")}
    return names.get(line["key"]) or data.label({"zh": line["zh"], "en": line["en"]})


def _standing(view: Actor, now: datetime) -> dict[str, dict[str, list[int]]]:
    """Return the cases that run now and those overdue, by lead department and of all."""
    scope = case_queries.counted(view).filter(created_at__lte=now)
    tables = {"running": scope.filter(ended_at__isnull=True), "overdue": scope.filter(overdue(now))}
    found: dict[str, dict[str, list[int]]] = {}
    for figure, rows in tables.items():
        for pk, lead in rows.values_list("pk", "lead"):
            for key in (ALL, "" if lead is None else str(lead)):
                found.setdefault(key, {}).setdefault(figure, []).append(pk)
    return found


def snapshot(actor: Actor, department: Department, begin: date, end: date, now: datetime) -> dict[str, Any]:
    """Return all that a report keeps, as JSON."""
    view = lens(actor, department, overseeing=overseen(actor, department))
    units = counted(view, begin, end, now)
    return {
        "units": units,
        "before": _before(view, begin, end, now),
        "attention": _attention(view, units[0]["cases"], now),
        "tasks": _tasks(view, now),
    }


def _before(view: Actor, begin: date, end: date, now: datetime) -> dict[str, Any] | None:
    """Return counts and rates of the period before by unit; None where nothing is known of that time."""
    first, last = before(begin, end)
    after = datetime.combine(last + DAY, time.min, tzinfo=timezone.get_default_timezone())
    if not case_queries.counted(view).filter(created_at__lt=after).exists():
        return None
    return {
        row.key: {**{figure: len(row.cases[figure]) for figure in COMPARED}, "rates": row.rates}
        for row in feedback_queries.unit_figures(view, first, last, now=now)
    }


def _attention(view: Actor, cases: dict[str, list[int]], now: datetime) -> list[dict[str, Any]]:
    """Return the cases that need attention: overdue ones, and those whose firm is dissatisfied."""
    today, days = local_date(now), core_queries.day_table(local_date(now))
    reasons: dict[int, list[str]] = {}
    for figure in ("overdue", "dissatisfied"):
        for pk in cases[figure]:
            reasons.setdefault(pk, []).append(figure)
    due = dict(case_queries.counted(view).filter(overdue(now)).values_list("pk", "due_at"))
    far = now + timedelta(days=36_500)
    order = sorted(reasons, key=lambda pk: (due.get(pk, far), pk))[:MOST]
    return [
        {
            "case": pk,
            "why": reasons[pk],
            "due": local_date(due[pk]).isoformat() if pk in due else None,
            "days": max(workdays_between(local_date(due[pk]), today, days), 0) if pk in due else None,
        }
        for pk in order
    ]


def _tasks(view: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the supervised tasks that are not cleared, with the working days they are over."""
    today, days = local_date(now), core_queries.day_table(local_date(now))
    rows = supervision_queries.tasks(view).filter(state__in=OPEN_TASKS).order_by("due_at", "id")
    return [
        {
            "task": pk,
            "due": local_date(due).isoformat(),
            "days": max(workdays_between(local_date(due), today, days), 0) if due < now else None,
        }
        for pk, due in rows.values_list("pk", "due_at")[:MOST]
    ]


def single(
    actor: Actor, department: Department | None, begin: date, end: date, now: datetime
) -> dict[str, Any]:
    """Return the figures that a template may show of the actor's unit, or of one lead department in it.

    None where the actor reads no figures, or where there is nothing to count.
    """
    own = next(iter(figure_units(actor)), None)
    if own is None:
        return {}
    view = lens(actor, own, overseeing=overseen(actor, own))
    lines = counted(view, begin, end, now, (*KEPT, *MORE))
    key = ALL if department is None else str(department.pk)
    line = next((line for line in lines if line["key"] == key), None)
    if line is None:
        return {}
    counts = {figure: len(cases) for figure, cases in line["cases"].items()}
    rates = {name: float(text) if text else None for name, text in line["rates"].items()}
    return {
        **{figure: counts[figure] for figure in COUNTED},
        "valid_visits": counts["valid"],
        **{f"{name}_rate": rates.get(name) for name in SHARES},
    }


def figure_units(actor: Actor) -> list[Department]:
    """Return the units whose figures the actor reads, in the order of the tree; those they oversee first."""
    found = {unit.pk: unit for unit in org_queries.departments()}
    wanted = [*sorted(actor.departments(*OVERSEERS)), *sorted(actor.departments(*HEADS))]
    return [found[pk] for pk in dict.fromkeys(wanted) if pk in found]

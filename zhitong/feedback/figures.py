"""How units handle cases, in figures: each counted from rows that can be opened. No rankings."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhitong.cases import queries as case_queries
from zhitong.cases.states import Channel, kinds, versions_on
from zhitong.feedback.rates import Counts, percent, rates, share
from zhitong.feedback.states import rate_table
from zhitong.feedback.tally import ALL, Asked, Cell, Period, Tally, count_choices, fill
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

__all__ = ["ALL", "CATEGORIES", "FIGURES", "GROUPS", "PARTS", "RATES", "Line", "Period"]

GROUPS = {
    "department": "lead",
    "district": "intake",
    "category": "category",
    "subcategory": "category",
    "kind": "kind",
    "channel": "channel",
}
CATEGORIES = frozenset({"category", "subcategory"})
FIGURES = (
    "open_before", "came", "left", "open_after", "received", "ended", "charged", "taken_up", "to_contact",
    "first_contact", "on_time", "to_visit", "visited", "valid", "contacted", "solved", "satisfied", "fair",
    "dissatisfied", "silent", "excluded",
)  # fmt: skip
# Each share: how many of how many. The others of the three rates have weights.
PARTS = {
    "taken_up": ("taken_up", "charged"),
    "first_contact": ("first_contact", "to_contact"),
    "on_time": ("on_time", "ended"),
    "visited": ("visited", "to_visit"),
    "contacted": ("contacted", "valid"),
    "solved": ("solved", "valid"),
}
RATES = (*PARTS, "satisfied", "combined", "plain")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: counts by name, and the rates that follow from them, exact."""

    key: str
    label: str
    counts: dict[str, int]
    rates: dict[str, Fraction | None]

    def rate(self, name: str) -> str:
        """A rate as text; empty where there is nothing to count."""
        return percent(self.rates[name])

    def shown(self) -> list[str]:
        """The rates as texts, in their order."""
        return [self.rate(name) for name in RATES]


def cells(
    actor: Actor, period: Period, group: str, *, now: datetime, listed: bool = False
) -> dict[str, Cell]:
    """Return how many cases stand behind every figure, by unit, category, kind or channel, and of all.

    `listed` adds which cases. Received counts by the day of submission, ended, silent and visited by the day
    of the end, taking up by the day of the charge, the first contact by the day on which its time ended, the
    others by the day of the valid return visit.
    """
    tally = Tally(listed=listed, fold=case_queries.category_root if group == "category" else _same)
    asked = Asked(case_queries.counted(actor), period, GROUPS[group], now)
    fill(tally, asked)
    if group in CATEGORIES:
        count_choices(tally, asked)
    return tally.cells


def _same(key: Any) -> Any:
    return key


def table(actor: Actor, period: Period, group: str, *, now: datetime) -> list[Line]:
    """Return the table: the whole first, then units in the order of their tree, kinds in theirs."""
    return lines(cells(actor, period, group, now=now), period, group)


def lines(found: dict[str, Cell], period: Period, group: str) -> list[Line]:
    """Return the lines of a table whose cells were counted."""
    labels = _labels(group, period)
    keys = [ALL, *(key for key in labels if key in found), *([""] if "" in found else [])]
    nothing = _("Not determined yet") if group in CATEGORIES else _("Not given yet")
    names = {ALL: _("Total"), "": nothing, **labels}
    weights = rate_table(period.end)
    return [_line(key, names[key], found[key], weights) for key in keys]


def _labels(group: str, period: Period) -> dict[str, str]:
    if group in {"department", "district"}:
        return {str(unit.pk): unit.label for unit in org_queries.departments(active=False)}
    if group in CATEGORIES:
        return case_queries.category_labels(roots=group == "category")
    if group == "kind":
        return kinds(versions_on(period.end)[1])
    return {value: str(label) for value, label in Channel.choices}


def _line(key: str, label: str, cell: Cell, weights: dict[str, Any]) -> Line:
    counts = {figure: cell.counts[figure] for figure in FIGURES}
    said = rates(Counts(counts["valid"], counts["contacted"], counts["solved"], cell.grades), weights)
    shares = {
        name: share(counts[part], counts[whole]) if counts[whole] else None
        for name, (part, whole) in PARTS.items()
    }
    weighed = {"satisfied": said.satisfied, "combined": said.combined, "plain": said.plain}
    return Line(key, label, counts, {**shares, **weighed})


def rows(
    actor: Actor, period: Period, group: str, key: str, figure: str, *, now: datetime
) -> tuple[Any, int]:
    """Return the cases behind one figure that the actor sees, and how many more are confidential."""
    behind = cells(actor, period, group, now=now, listed=True)[key].cases[figure]
    shown = case_queries.visible(actor).filter(pk__in=behind).order_by("-id")
    return shown, len(set(behind)) - shown.count()

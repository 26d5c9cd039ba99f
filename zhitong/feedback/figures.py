"""How units handle cases, in figures: each counted from rows that can be opened. No rankings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Stretch
from zhitong.cases.states import Channel, kinds, versions_on
from zhitong.feedback.models import Exclusion, Rating, ReturnVisit
from zhitong.feedback.rates import Counts, Rates, percent, rates, share
from zhitong.feedback.states import Decision, rate_table
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from zhitong.core.actor import Actor

GROUPS = {
    "department": "lead",
    "district": "intake",
    "category": "category",
    "subcategory": "category",
    "kind": "kind",
    "channel": "channel",
}
CATEGORIES = frozenset({"category", "subcategory"})
FIRST = 2  # counts that stand before the rates on the screen
FAIR = 3  # stars; more are satisfied, fewer dissatisfied
ALL = "all"
FIGURES = (
    "received", "ended", "on_time", "valid", "contacted", "solved", "satisfied", "fair", "dissatisfied",
    "silent", "excluded",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both counted."""

    begin: date
    end: date

    def moments(self) -> tuple[datetime, datetime]:
        """The first moment of the period and the first one after it."""
        zone = timezone.get_default_timezone()
        first, after = (
            datetime.combine(day, time.min, tzinfo=zone) for day in (self.begin, self.end + timedelta(days=1))
        )
        return first, after


@dataclass(slots=True)
class Cell:
    """The cases behind each figure of one line of the table, by name; the grades of its visits."""

    cases: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    grades: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: counts by name, and the rates that follow from them."""

    key: str
    label: str
    counts: dict[str, int]
    rates: Rates
    on_time: Fraction | None
    visited: Fraction | None

    def first(self) -> list[tuple[str, int]]:
        """The counts that stand before the rates."""
        return list(self.counts.items())[:FIRST]

    def others(self) -> list[tuple[str, int]]:
        """The counts that stand after the rates."""
        return list(self.counts.items())[FIRST:]

    def shown(self) -> list[str]:
        """The rates as texts, in the order of the table; empty where there is nothing to count."""
        found = (self.on_time, self.visited, self.rates.contacted, self.rates.solved, self.rates.satisfied)
        return [percent(value) for value in (*found, self.rates.combined, self.rates.plain)]


class Tally:
    """Cells that fill up: each case counts for its unit and for the whole; `fold` says for which unit."""

    def __init__(self, fold: Callable[[Any], Any] = lambda key: key) -> None:
        self.fold = fold
        self.cells: dict[str, Cell] = defaultdict(Cell)

    def of(self, key: Any) -> tuple[Cell, Cell]:
        """The two cells in which something of a unit counts."""
        unit = self.fold(key)
        return self.cells["" if unit is None else str(unit)], self.cells[ALL]

    def count(self, key: Any, case: int, **figures: bool) -> None:
        """Count a case in every figure that holds."""
        for cell in self.of(key):
            for figure, holds in figures.items():
                if holds:
                    cell.cases[figure].append(case)


def cells(actor: Actor, period: Period, group: str) -> dict[str, Cell]:
    """Return the cases behind every figure, by unit, category, kind or channel, and of all together.

    Received counts by the day of submission, ended and silent by the day of the end, the others by the day of
    the valid return visit.
    """
    by, scope = GROUPS[group], case_queries.counted(actor)
    tally = Tally(case_queries.category_root) if group == "category" else Tally()
    begin, after = period.moments()
    for pk, key in scope.filter(created_at__gte=begin, created_at__lt=after).values_list("pk", by):
        tally.count(key, pk, received=True)
    for pk, key, was_late, spoke, asked in _ended(scope, begin, after, by):
        tally.count(key, pk, ended=True, on_time=not was_late, silent=not spoke and not asked)
    for pk, key, contacted, solved, grade, out in _visits(scope, begin, after, by):
        if out:
            tally.count(key, pk, excluded=True)
            continue
        fair, bad = grade == FAIR, grade < FAIR
        tally.count(key, pk, valid=True, contacted=contacted, solved=solved)
        tally.count(key, pk, satisfied=not fair and not bad, fair=fair, dissatisfied=bad)
        for cell in tally.of(key):
            cell.grades[grade] += 1
    if group in CATEGORIES:
        for choice in case_queries.category_choices(scope, begin, after):
            tally.count(choice.category, choice.case_id, suggested=True, taken=choice.taken)
    return tally.cells


def _ended(scope: Any, begin: datetime, after: datetime, by: str) -> Iterable[Any]:
    this_round = {"case": OuterRef("pk"), "round": OuterRef("reopened")}
    rows = scope.filter(ended_at__gte=begin, ended_at__lt=after, state="closed").annotate(
        was_late=Exists(Stretch.objects.filter(case=OuterRef("pk"), clock="handle", late=True)),
        spoke=Exists(Rating.objects.filter(**this_round)),
        asked=Exists(ReturnVisit.objects.filter(**this_round, valid=True)),
    )
    found: Iterable[Any] = rows.values_list("pk", by, "was_late", "spoke", "asked")
    return found


def _visits(scope: Any, begin: datetime, after: datetime, by: str) -> Iterable[Any]:
    out = Exclusion.objects.filter(case=OuterRef("case"), decision=Decision.APPROVED)
    rows = ReturnVisit.objects.filter(valid=True, at__gte=begin, at__lt=after, case__in=scope)
    return (
        rows.annotate(out=Exists(out))
        .order_by("id")
        .values_list("case", f"case__{by}", "contacted", "solved", "grade", "out")
    )


def table(actor: Actor, period: Period, group: str) -> list[Line]:
    """Return the table: the whole first, then units in the order of their tree, kinds in theirs."""
    return lines(cells(actor, period, group), period, group)


def lines(found: dict[str, Cell], period: Period, group: str) -> list[Line]:
    """Return the lines of a table whose cells were counted."""
    labels = _labels(group, period)
    keys = [ALL, *(key for key in labels if key in found), *([""] if "" in found else [])]
    nothing = _("Not determined yet") if group in CATEGORIES else _("Not given yet")
    names = {ALL: _("Together"), "": nothing, **labels}
    return [_line(key, names[key], found[key], period) for key in keys]


def _labels(group: str, period: Period) -> dict[str, str]:
    if group in {"department", "district"}:
        return {str(unit.pk): unit.label for unit in org_queries.departments(active=False)}
    if group in CATEGORIES:
        return case_queries.category_labels(roots=group == "category")
    if group == "kind":
        return kinds(versions_on(period.end)[1])
    return {value: str(label) for value, label in Channel.choices}


def _line(key: str, label: str, cell: Cell, period: Period) -> Line:
    counts = {figure: len(cell.cases[figure]) for figure in FIGURES}
    said = Counts(counts["valid"], counts["contacted"], counts["solved"], cell.grades)
    ended, visits = counts["ended"], counts["valid"] + counts["excluded"]
    return Line(
        key,
        label,
        counts,
        rates(said, rate_table(period.end)),
        on_time=share(counts["on_time"], ended) if ended else None,
        visited=min(share(visits, ended), Fraction(100)) if ended else None,
    )


def rows(actor: Actor, period: Period, group: str, key: str, figure: str) -> tuple[Any, int]:
    """Return the cases behind one figure that the actor sees, and how many more are confidential."""
    behind = cells(actor, period, group)[key].cases[figure]
    shown = case_queries.visible(actor).filter(pk__in=behind).order_by("-id")
    return shown, len(set(behind)) - shown.count()

"""What the figures are counted from: facts of cases, charges and visits, in groups or one by one.

A case counts for the unit, category, kind and channel that it has now, a charge for the unit that was
charged. Where a time runs (to take a case up, to contact its firm, to ask it after the end), only cases whose
time is over count, for and against.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case as Choice
from django.db.models import Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Charge, Stretch
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.feedback.models import Exclusion, Rating, ReturnVisit
from zhitong.feedback.states import Decision, rule
from zhitong.kernel.calendar import subtract_workdays
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from django.db.models import QuerySet

    from zhitong.cases.models import Case

FAIR = 3  # stars; more are satisfied, fewer dissatisfied
ALL = "all"
IN_TIME, MISSED = 1, 2
IN_HAND = ("dispatched", "handling", "suspended", "planned")  # states in which a unit contacts the firm


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both counted."""

    begin: date
    end: date

    def moments(self) -> tuple[datetime, datetime]:
        """The first moment of the period and the first one after it."""
        return _midnight(self.begin), _midnight(self.end + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


@dataclass(slots=True)
class Cell:
    """One line of the table: how many, by figure; the grades of its visits; the cases, if asked for."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    grades: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    cases: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Asked:
    """The cases that count, the days, the moment, and by which column the table is grouped."""

    scope: QuerySet[Case]
    period: Period
    by: str
    now: datetime


class Tally:
    """Cells that fill up: each case counts for its unit and for the whole; `fold` says for which unit.

    `listed` keeps the numbers of the cases as well, for the rows behind a figure.
    """

    def __init__(self, *, listed: bool, fold: Callable[[Any], Any] = lambda key: key) -> None:
        self.listed, self.fold = listed, fold
        self.cells: dict[str, Cell] = defaultdict(Cell)

    def of(self, key: Any) -> tuple[Cell, Cell]:
        """The two cells in which something of a unit counts."""
        unit = self.fold(key)
        return self.cells["" if unit is None else str(unit)], self.cells[ALL]

    def each(self, rows: Any, by: str, *facts: str, case: str = "pk") -> Iterator[tuple[Any, int, Any]]:
        """Yield unit, number of rows and facts: of all rows with the same facts, or of each with its case."""
        if self.listed:
            for pk, key, *found in rows.order_by(case).values_list(case, by, *facts):
                yield key, 1, (*found, pk)
            return
        # An expression, so that SQLite reads the index that holds all facts, not the one of the units.
        rows = rows.order_by().annotate(unit=Coalesce(by, by)).values_list("unit", *facts)
        for key, *found, number in rows.annotate(number=Count("pk")):
            yield key, number, (*found, None)

    def count(self, key: Any, number: int, case: int | None, **figures: bool) -> None:
        """Count cases in every figure that holds."""
        for cell in self.of(key):
            for figure, holds in figures.items():
                if holds:
                    cell.counts[figure] += number
                    if case is not None:
                        cell.cases[figure].append(case)


def fill(tally: Tally, asked: Asked) -> None:
    """Count everything that is asked for."""
    for part in (_cases, _charges, _visits):
        part(tally, asked)


def _fact(condition: Q | Exists) -> Any:
    return Choice(When(condition, then=Value(value=True)), default=Value(value=False))


def _open_at(moment: datetime) -> Q:
    """Whether a case was open just before a moment; the stretches of one that once ended say so."""
    then = Stretch.objects.filter(case=OuterRef("pk"), since__lt=moment, until__gte=moment)
    again = Q(Exists(then)) | Q(ended_at__isnull=True, stretch_since__lt=moment)
    once = Q(ended_at__isnull=True) | Q(ended_at__gte=moment)
    return Q(created_at__lt=moment) & (Q(once_ended=False) & once | Q(once_ended=True) & again)


def _begun_in(begin: datetime, after: datetime) -> Q:
    """Whether a case came in, or was taken up again after its end, between two moments."""
    again = Stretch.objects.filter(case=OuterRef("pk"), since__gte=begin, since__lt=after)
    runs = Q(ended_at__isnull=True, stretch_since__gte=begin, stretch_since__lt=after)
    return Q(created_at__gte=begin, created_at__lt=after) | Q(once_ended=True) & (Q(Exists(again)) | runs)


def _cases(tally: Tally, asked: Asked) -> None:
    """What is said of cases themselves: one reading of them, since they are many."""
    begin, after = asked.period.moments()
    concerned = Q(ended_at__isnull=True) | Q(ended_at__gte=begin) | Q(contact_due_at__gte=begin)
    facts = {
        **_stock(begin, after),
        **_ended(begin, after, asked.now),
        "contact": _contact(begin, after, asked.now),
    }
    rows = asked.scope.filter(concerned | Q(once_ended=True), created_at__lt=after).annotate(**facts)
    for key, number, found in tally.each(rows, asked.by, *facts):
        new, before, begun, at_end, closed, late, spoke, visited, over, contact, case = found
        came = begun and not before
        tally.count(key, number, case, received=new, open_before=before, came=came)
        tally.count(key, number, case, left=(before or came) and not at_end, open_after=at_end)
        tally.count(key, number, case, to_contact=contact > 0, first_contact=contact == IN_TIME)
        if closed:
            tally.count(key, number, case, ended=True, on_time=not late, silent=not spoke and not visited)
            tally.count(key, number, case, to_visit=over, visited=over and visited)


def _stock(begin: datetime, after: datetime) -> dict[str, Any]:
    """What was open, came in, ended and stays open: each case once on either side, so that both add up."""
    return {
        "new": _fact(Q(created_at__gte=begin)),
        "before": _fact(_open_at(begin)),
        "begun": _fact(_begun_in(begin, after)),
        "at_end": _fact(_open_at(after)),
    }


def _ended(begin: datetime, after: datetime, now: datetime) -> dict[str, Any]:
    """Of cases closed in the period: late, heard, visited, and whether the time for a visit is over."""
    closed = Q(state="closed", ended_at__gte=begin, ended_at__lt=after)
    this_round = {"case": OuterRef("pk"), "round": OuterRef("reopened")}
    late = Stretch.objects.filter(case=OuterRef("pk"), clock="handle", late=True)
    out = Exclusion.objects.filter(case=OuterRef("pk"), decision=Decision.APPROVED)
    over = Q(ended_at__lt=_visits_over(now)) & ~Q(Exists(out))
    return {
        "closed": _fact(closed),
        "was_late": _fact(closed & Q(Exists(late))),
        "spoke": _fact(closed & Q(Exists(Rating.objects.filter(**this_round)))),
        "visited": _fact(closed & Q(Exists(ReturnVisit.objects.filter(**this_round, valid=True)))),
        "over": _fact(closed & over),
    }


def _contact(begin: datetime, after: datetime, now: datetime) -> Any:
    """Firms whose time to be contacted is over: contacted in it, or missed while the unit had the case."""
    due = Q(contact_due_at__gte=begin, contact_due_at__lt=min(after, now))
    moment = OuterRef("contact_due_at")
    then = Stretch.objects.filter(case=OuterRef("pk"), state__in=IN_HAND, since__lte=moment, until__gt=moment)
    runs = Q(ended_at__isnull=True, state__in=IN_HAND, stretch_since__lte=F("contact_due_at"))
    return Choice(
        When(due & Q(contacted_at__lte=F("contact_due_at")), then=Value(IN_TIME)),
        When(due & (runs | Q(Exists(then))), then=Value(MISSED)),
        default=Value(0),
    )


def _visits_over(now: datetime) -> datetime:
    """The moment before which a case must have ended for the time of its return visit to be over."""
    yesterday = local_date(now) - timedelta(days=1)
    days = rule("visit_due", local_date(now))
    return _midnight(subtract_workdays(yesterday, days - 1, core_queries.day_table(yesterday)))


def _charges(tally: Tally, asked: Asked) -> None:
    """Units that were charged: taken up in time or not; those without accounts take nothing up."""
    begin, after = asked.period.moments()
    by = "department" if asked.by == "lead" else f"case__{asked.by}"
    lived = asked.scope.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=begin), created_at__lt=after)
    rows = Charge.objects.filter(at__gte=begin, at__lt=after, due_at__lt=asked.now, case__in=lived)
    late = Q(ended_at__isnull=True) | Q(ended_at__gt=F("due_at"))
    rows = rows.exclude(department__in=org_queries.without_accounts().values("pk"))
    rows = rows.annotate(late=_fact(late)).filter(Q(late=True) | Q(taken=True))
    for key, number, (was_late, case) in tally.each(rows, by, "late", case="case"):
        tally.count(key, number, case, charged=True, taken_up=not was_late)


def _visits(tally: Tally, asked: Asked) -> None:
    begin, after = asked.period.moments()
    out = Exclusion.objects.filter(case=OuterRef("case"), decision=Decision.APPROVED)
    rows = ReturnVisit.objects.filter(valid=True, at__gte=begin, at__lt=after, case__in=asked.scope)
    rows = rows.annotate(out=Exists(out))
    facts = ("contacted", "solved", "grade", "out")
    for key, number, (contacted, solved, grade, left_out, case) in tally.each(
        rows, f"case__{asked.by}", *facts, case="case"
    ):
        if left_out:
            tally.count(key, number, case, excluded=True)
            continue
        fair, bad = grade == FAIR, grade < FAIR
        tally.count(key, number, case, valid=True, contacted=contacted, solved=solved)
        tally.count(key, number, case, satisfied=not fair and not bad, fair=fair, dissatisfied=bad)
        for cell in tally.of(key):
            cell.grades[grade] += number


def count_choices(tally: Tally, asked: Asked) -> None:
    """How often words suggested a category, and how often people took it."""
    for choice in case_queries.category_choices(asked.scope, *asked.period.moments()):
        tally.count(choice.category, 1, choice.case_id, suggested=True, taken=choice.taken)

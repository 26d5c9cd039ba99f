"""The ledger: one list of cases by filters that stay, with columns one chooses, on every way out the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from zhitong.cases import queries as case_queries
from zhitong.reports import fields, queries
from zhitong.reports.figures import unit_label
from zhitong.reports.states import Standing
from zhitong.reports.values import Teller, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from zhitong.core.actor import Actor
    from zhitong.reports.fields import Field

LIMIT = 20_000  # rows; a longer list is narrowed by filters first
USUAL = (
    "seq",
    "number",
    "firm",
    "title",
    "kind",
    "lead",
    "person",
    "submitted_on",
    "due",
    "state",
    "outcome",
)
STANDARD = (
    "seq", "number", "channel", "firm", "district", "title", "text", "kind", "lead", "assisting", "person",
    "submitted_on", "due", "state", "closed_on", "outcome", "answer", "overdue_days", "rating",
)  # fmt: skip
SEARCHED = ("q", "state", "category")  # what the list of cases is narrowed by in the same way
DAYS = {"received": "created_at", "ended": "ended_at", "due": "due_at"}


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure of a report whose rows the ledger shows."""

    report: Any
    unit: str
    figure: str
    cases: list[int]

    @property
    def label(self) -> str:
        """The unit in the reader's language."""
        return unit_label(next(line for line in self.report.figures["units"] if line["key"] == self.unit))

    def hidden(self, actor: Actor) -> int:
        """How many of the cases the actor may count but not see."""
        return len(self.cases) - case_queries.visible(actor).filter(pk__in=self.cases).count()


def columns(keys: Iterable[str]) -> list[Field]:
    """Return the chosen columns in the order of the catalogue; the usual ones where none is known."""
    wanted, known = set(keys), fields.of_cases()
    found = [field for key, field in known.items() if key in wanted]
    return found or [known[key] for key in USUAL]


def choices(chosen: Sequence[Field]) -> list[tuple[Field, bool]]:
    """Return all columns, each with whether it is shown."""
    return [(field, field in chosen) for field in fields.of_cases().values()]


def behind(actor: Actor, given: dict[str, Any]) -> Behind | None:
    """Return the figure that an address names; 404 for a report out of sight, None for no figure."""
    if not given.get("report"):
        return None
    report = queries.get_report(actor, given["report"])
    unit, figure = given.get("unit", ""), given.get("figure", "")
    for line in report.figures["units"]:
        if line["key"] == unit and figure in line["cases"]:
            return Behind(report, unit, figure, line["cases"][figure])
    return Behind(report, report.figures["units"][0]["key"], figure, [])


def rows(actor: Actor, given: dict[str, Any], now: datetime) -> Any:
    """Return the cases in the actor's sight that the filters leave, in the order of their coming."""
    return narrowed(actor, given, now).rows


def narrowed(actor: Actor, given: dict[str, Any], now: datetime) -> Any:
    """Return the cases that `rows` returns, with how their words were looked for."""
    found = queries.ledger(actor)
    figure = behind(actor, given)
    if figure is not None:
        found = found.filter(pk__in=figure.cases)
    found = case_queries.search(found, {name: given.get(name) for name in SEARCHED}, now)
    for name in ("lead", "kind"):
        if given.get(name):
            found = found.filter(**{name: given[name]})
    found = found.filter(_standing(given.get("standing"), now), _within(given))
    return case_queries.by_words(actor, found, given.get("q"))


def _within(given: dict[str, Any]) -> Q:
    column = DAYS.get(given.get("by") or "received", "created_at")
    zone, found = timezone.get_default_timezone(), Q()
    if given.get("begin"):
        found &= Q(**{f"{column}__gte": datetime.combine(given["begin"], time.min, tzinfo=zone)})
    if given.get("end"):
        after = given["end"] + timedelta(days=1)
        found &= Q(**{f"{column}__lt": datetime.combine(after, time.min, tzinfo=zone)})
    return found


def _standing(standing: str | None, now: datetime) -> Q:
    if standing == Standing.OVERDUE:
        return queries.overdue(now)
    if standing in {Standing.RUNNING, Standing.ENDED}:
        return Q(ended_at__isnull=standing == Standing.RUNNING)
    return Q()


def table(
    actor: Actor, cases: Iterable[Any], chosen: Sequence[Field], now: datetime, *, first: int = 1
) -> list[tuple[Any, list[str]]]:
    """Return a page of the ledger: each case with its values as texts; `first` is the place of the first."""
    teller, keys = Teller(actor, now), [field.key for field in chosen]
    found = list(cases)
    values = [teller.row(case, keys, number) for number, case in enumerate(found, start=first)]
    return list(zip(found, shown(values), strict=True))


def values(actor: Actor, cases: Any, keys: Sequence[str], now: datetime) -> Iterator[list[Any]]:
    """Give the values of all cases of the ledger, at most as many as go on paper."""
    return Teller(actor, now).rows(cases[:LIMIT], keys)

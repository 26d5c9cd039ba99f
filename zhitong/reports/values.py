"""What each field of the catalogue says of a case, of a filter, of figures. Missing is None, never nought."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.cases import queries as case_queries
from zhitong.cases.states import TOLD, flow, grades, kinds
from zhitong.core import data
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date
from zhitong.enterprises.states import region_label
from zhitong.feedback.states import Grade
from zhitong.kernel.calendar import workdays_between
from zhitong.reports.filling.words import MISSING
from zhitong.reports.queries import TELLING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

CHUNK = 500  # rows read at a time


class Teller:
    """Tells what the fields say of cases, as one reader may know it at one moment."""

    def __init__(self, actor: Actor, now: datetime) -> None:
        self.actor, self.today, self.now = actor, local_date(now), now
        self.days = core_queries.day_table(self.today)

    def row(self, case: Case, keys: Sequence[str], number: int) -> list[Any]:
        """Return the values of a case for some fields; its place in the list is `number`."""
        return [number if key == "seq" else TELL[key](case, self) for key in keys]

    def rows(self, cases: Any, keys: Sequence[str]) -> Iterator[list[Any]]:
        """Give the values of all cases of a list, read in pieces."""
        for number, case in enumerate(cases.iterator(chunk_size=CHUNK), start=1):
            yield self.row(case, keys, number)

    def workdays(self, first: date, last: date) -> int:
        """Return the working days after a day up to another."""
        return max(workdays_between(first, last, self.days), 0)


def text(value: Any) -> str:
    """Return a value as the ledger shows it: a dash where there is none."""
    if value is None or value == "":
        return MISSING
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def plain(value: Any) -> Any:
    """Return a value as it travels to the child process."""
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _firm(case: Case, teller: Teller) -> str | None:
    return case_queries.whose(teller.actor, case)


def _reporter(case: Case, teller: Teller) -> str | None:
    return case_queries.reporter_of(teller.actor, case)


def _of_firm(attribute: str) -> Callable[[Case, Teller], Any]:
    def tell(case: Case, teller: Teller) -> Any:
        return getattr(case_queries.firm_of(teller.actor, case), attribute, None) or None

    return tell


def _said(attribute: str) -> Callable[[Case, Teller], str | None]:
    return lambda case, teller: case_queries.said(teller.actor, case, getattr(case, attribute)) or None


def _district(case: Case, _teller: Teller) -> str | None:
    code = case.enterprise.region if case.enterprise else ""
    return region_label(code[:6]) if code else None


def _unit(attribute: str) -> Callable[[Case, Teller], str | None]:
    def tell(case: Case, _teller: Teller) -> str | None:
        unit = getattr(case, attribute)
        return unit.label if unit else None

    return tell


def _step(*actions: str, last: bool = False) -> Callable[[Case, Teller], date | None]:
    def tell(case: Case, _teller: Teller) -> date | None:
        days = [entry.at for entry in case.dated if entry.action in actions]
        return _day(days[-1 if last else 0]) if days else None

    return tell


def _answered_on(case: Case, _teller: Teller) -> date | None:
    days = [
        entry.at for entry in case.dated if entry.to_state in TELLING and entry.from_state != entry.to_state
    ]
    return _day(days[-1]) if days and case.state in TOLD else None


def _extended_to(case: Case, _teller: Teller) -> date | None:
    return _day(case.due_at) if case.due_at and case.deadline.get("extra") else None


def _days_taken(case: Case, teller: Teller) -> int:
    last = _day(case.ended_at) or teller.today
    return teller.workdays(_day(case.created_at) or last, last)


def _overdue_days(case: Case, teller: Teller) -> int | None:
    if case.due_at is None or case.due_at >= teller.now:
        return None
    return teller.workdays(_day(case.due_at) or teller.today, teller.today)


def _was_late(case: Case, teller: Teller) -> str:
    late = case.was_late or (case.due_at is not None and case.due_at < teller.now)
    return _yes(holds=late)


def _yes(*, holds: bool) -> str:
    return _("Yes") if holds else _("No")


def _rating(case: Case, _teller: Teller) -> str | None:
    rows = sorted(case.ratings.all(), key=lambda row: row.round)
    return str(Grade(rows[-1].grade).label) if rows else None


def _rating_words(case: Case, teller: Teller) -> str | None:
    rows = sorted(case.ratings.all(), key=lambda row: row.round)
    return case_queries.said(teller.actor, case, rows[-1].comment) or None if rows else None


def _visit(tell: Callable[[Any], Any]) -> Callable[[Case, Teller], Any]:
    return lambda case, _teller: tell(case.valid_visits[-1]) if case.valid_visits else None


def _stages(case: Case, _teller: Teller) -> str | None:
    return "\n".join(f"{stage.due:%Y-%m-%d} {stage.goal}" for stage in case.stages.all()) or None


def _next_stage(case: Case, _teller: Teller) -> date | None:
    open_ = [stage.due for stage in case.stages.all() if stage.done_at is None]
    return min(open_) if open_ and case.state == "planned" else None


def _assisting(case: Case, _teller: Teller) -> str | None:
    separator = _(", ")
    return separator.join(assist.department.label for assist in case.helping) or None


TELL: dict[str, Callable[[Any, Teller], Any]] = {
    "number": lambda case, _: case.number,
    "original_number": lambda case, _: case.original_number or None,
    "channel": lambda case, _: str(case.get_channel_display()),
    "firm": _firm,
    "credit_code": _of_firm("code"),
    "district": _district,
    "reporter": _reporter,
    "title": _said("title"),
    "text": _said("text"),
    "place": _said("place"),
    "kind": lambda case, _: kinds(case.sla_version).get(case.kind) if case.kind else None,
    "category": lambda case, _: case_queries.category_label(case.category) or None,
    "state": lambda case, _: data.label(flow(case.flow_version).state(case.state).label),
    "intake": _unit("intake"),
    "lead": _unit("lead"),
    "accountable": _unit("accountable"),
    "assisting": _assisting,
    "person": lambda case, _: case.person.name if case.person else None,
    "submitted_on": lambda case, _: _day(case.created_at),
    "accepted_on": _step("accept"),
    "dispatched_on": _step("dispatch", "redispatch", last=True),
    "due": lambda case, _: _day(case.due_at),
    "extended_to": _extended_to,
    "answered_on": _answered_on,
    "closed_on": lambda case, _: _day(case.ended_at),
    "outcome": lambda case, _: case.told_outcome or None,
    # Before the firm was told, the answer is a draft of its department.
    "answer": lambda case, teller: _said("answer")(case, teller) if case.state in TOLD else None,
    "days_taken": _days_taken,
    "overdue_days": _overdue_days,
    "was_late": _was_late,
    "rating": _rating,
    "rating_words": _rating_words,
    "return_visit": _visit(lambda visit: str(Grade(visit.grade).label)),
    "visited_on": _visit(lambda visit: _day(visit.at)),
    "visit_solved": _visit(lambda visit: _yes(holds=visit.solved)),
    "plan_grade": lambda case, _: grades(case.sla_version).get(case.grade) if case.grade else None,
    "stages": _stages,
    "next_stage": _next_stage,
    "reopened": lambda case, _: case.reopened,
    "confidential": lambda case, _: _yes(holds=case.confidential),
}


def shown(rows: Iterable[Sequence[Any]]) -> list[list[str]]:
    """Return rows of values as the ledger shows them."""
    return [[text(value) for value in row] for row in rows]

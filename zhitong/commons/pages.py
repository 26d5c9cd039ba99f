"""What the pages of common problems show: the lamp of the leading case, how each case stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhitong.cases import queries as case_queries
from zhitong.cases.states import profile, state_label
from zhitong.commons import queries
from zhitong.commons.states import Standing, kind_label
from zhitong.core import data, lamps, permissions
from zhitong.core import queries as core_queries
from zhitong.core.clock import local_date

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.commons.models import CommonMember, CommonProblem
    from zhitong.core.actor import Actor
    from zhitong.core.lamps import Clock
    from zhitong.kernel.calendar import DayTable

LAMP = {"yellow_days": 2, "yellow_percent": 100}  # of profiles that lay down none


@dataclass(frozen=True, slots=True)
class Row:
    """One common problem in a list; `clock` is the lamp of its leading case, where the reader sees that."""

    problem: CommonProblem
    kind: str
    leading: Case | None
    clock: Clock | None


def rows(actor: Actor, problems: Iterable[CommonProblem], now: datetime) -> list[Row]:
    """Common problems with their lamps; the calendar is read once for the whole list."""
    found = list(problems)
    today = local_date(now)
    table, seen = core_queries.day_table(today), queries.sees_leading(actor, found)
    made = []
    for problem in found:
        leading = seen.get(problem.leading_id)
        lamp = _lamp(leading, now, table) if leading else None
        made.append(Row(problem, kind_label(problem.kind, today), leading, lamp))
    return made


def _lamp(case: Case, now: datetime, table: DayTable) -> Clock | None:
    if case.due_at is None:
        return None
    rules = profile(case.sla_version)
    label = data.label(rules["clock"][case.clock]["label"])
    return lamps.clock_of(case, label, now, table, rules.get("lamp", LAMP))


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a common problem: how it stands, in the reader's words."""

    member: CommonMember
    firm: Any  # None where the reader may not know it
    state: str
    standing: str
    leads: bool
    follows: bool
    separable: bool


def lines(actor: Actor, problem: CommonProblem, members: list[CommonMember]) -> list[Line]:
    """The cases of a common problem that the reader sees."""
    return [_line(actor, problem, row) for row in members]


def _line(actor: Actor, problem: CommonProblem, row: CommonMember) -> Line:
    case = row.case
    follows = case.merged_into_id == problem.leading_id
    return Line(
        member=row,
        firm=case_queries.firm_of(actor, case),
        state=state_label(case),
        standing=str(Standing(row.standing).label),
        leads=case.pk == problem.leading_id,
        follows=follows,
        separable=follows and case.state == "merged" and permissions.may(actor, "cases.separate", case),
    )

"""What pages show of the calls of urgent cases: whom to ring, on which number, until when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhitong.cases.models import Call
from zhitong.core.hanging import hangs
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.orgs.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """A call with the people who can be reached, and whether it is late."""

    call: Call
    people: list[User]
    on_duty: bool  # the people stand on the roster now; else they are all who could answer
    late: bool


def of_case(case: Case, now: datetime) -> list[Row]:
    """The calls that an urgent case made necessary."""
    if not hangs(Call, case):
        return []
    return rows(case.calls.select_related("caller", "callee", "by_user"), now)


def rows(calls: Iterable[Call], now: datetime) -> list[Row]:
    """Return calls as a caller sees them; the rosters of all units are read at once."""
    calls = list(calls)
    units = {call.callee_id for call in calls if call.callee_id is not None}
    duty, others = orgs_queries.duty_of_many(units, now), orgs_queries.heads_of_many(units, now)
    found = []
    for call in calls:
        people = duty.get(call.callee_id or 0, [])
        late = call.ended_at is None and now > call.due_at
        found.append(Row(call, people or others.get(call.callee_id or 0, []), bool(people), late))
    return found

"""What the demo's leader and supervision office have told units: one task open, two waiting to be cleared."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from zhitong.cases import queries as case_queries
from zhitong.core import data
from zhitong.core.actor import Role
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User
from zhitong.supervision import services

if TYPE_CHECKING:
    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Matter

LEADER, SUPERVISOR = "leader", "supervisor"  # the demo's sign-in names
AGO, CASES = timedelta(hours=26), 2
STEP = timedelta(hours=1)


def fill(now: datetime) -> None:
    """An instruction on overdue cases with one unit's report, and an order that waits to be cleared."""
    table = data.read("demo", "supervision")
    begin = now - AGO
    leader, office = _staff(LEADER, begin), _staff(SUPERVISOR, begin)
    late = case_queries.running(leader).filter(due_at__lt=begin, confidential=False)[:CASES]
    row = table["instruction"]
    word = services.Word(departments=_units(row), text=row["text"], days=row["days"], cases=tuple(late))
    _close(services.instruct(by=leader, now=begin, word=word), row, begin)
    row = table["order"]
    word = services.Word(departments=_units(row), title=row["title"], text=row["text"], days=row["days"])
    _close(services.order(by=office, now=begin + STEP, word=word), row, begin + STEP)


def _staff(username: str, now: datetime) -> Actor:
    return org_queries.staff_actor(User.objects.get(username=username), now)


def _units(row: dict[str, Any]) -> tuple[Department, ...]:
    return tuple(Department.objects.get(local_code=code) for code in row["units"])


def _close(matter: Matter, row: dict[str, Any], now: datetime) -> None:
    """The first unit signs, reports and reports that it is done."""
    task = matter.tasks.get(department__local_code=row["units"][0])
    handler = org_queries.holders(task.department_id, Role.HANDLER, now=now)[0]
    by = org_queries.staff_actor(handler, now)
    task = services.sign(by=by, now=now + STEP, task=task)
    if "progress" in row:
        task = services.report(by=by, now=now + 2 * STEP, task=task, text=row["progress"])
    services.close_report(by=by, now=now + 3 * STEP, task=task, text=row["closing"])

"""Who may do what with a common problem. A person reads this table before anybody reads code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import Role
from zhitong.core.permissions import Predicate, holds, system_only

if TYPE_CHECKING:
    from zhitong.core.actor import Actor


def _leads(actor: Actor, problem: Any) -> bool:
    return any(problem.department.path.startswith(path) for path in actor.paths(Role.LEADER))


dispatcher = Predicate(
    "dispatcher of the unit above all its cases",
    lambda actor, problem: problem.department_id in actor.departments(Role.DISPATCHER),
    frozenset({Role.DISPATCHER}),
)
leader = Predicate("leader at or above the unit above all its cases", _leads, frozenset({Role.LEADER}))

PERMISSIONS = {
    "commons.see": holds(Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER),
    "commons.propose": system_only,
    "commons.add": system_only,
    "commons.follow": system_only,
    "commons.confirm": dispatcher,
    "commons.dismiss": dispatcher,
    "commons.take_in": dispatcher,
    "commons.leave_out": dispatcher,
    "commons.set_month": leader,
}

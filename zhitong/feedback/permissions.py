"""Who may ask firms after their answer, leave cases out of the rates, and read the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import Role
from zhitong.core.permissions import Predicate, holds

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

READERS = (Role.DISPATCHER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE, Role.SUPERVISOR, Role.LEADER)


def _above(actor: Actor, case: Any) -> bool:
    return any(case.intake.path.startswith(path) for path in actor.paths(Role.SUPERVISOR, Role.LEADER))


dispatcher_of_intake = Predicate(
    "dispatcher of the intake department",
    lambda actor, case: case.intake_id in actor.departments(Role.DISPATCHER),
    frozenset({Role.DISPATCHER}),
)
above_intake = Predicate(
    "supervisor or leader above the intake department", _above, frozenset({Role.SUPERVISOR, Role.LEADER})
)

PERMISSIONS = {
    "feedback.visit_back": dispatcher_of_intake,
    "feedback.see_visits": holds(Role.DISPATCHER),
    "feedback.ask_exclusion": dispatcher_of_intake,
    "feedback.decide_exclusion": above_intake,
    "feedback.see_exclusions": holds(Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER),
    "feedback.see_figures": holds(*READERS),
}

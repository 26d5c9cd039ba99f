"""Who may ask firms after their answer, leave cases out of the rates, and read the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import FIRM_ROLES, WORKING_ROLES, Role
from zhitong.core.permissions import Predicate, holds

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

READERS = (Role.DISPATCHER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE, Role.SUPERVISOR, Role.LEADER)
HEADS = (Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
UNIT = (Role.HANDLER, *HEADS)


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
unit_in_charge = Predicate(
    "handler or head of the lead department",
    lambda actor, case: case.lead_id in actor.departments(*UNIT),
    frozenset(UNIT),
)
head_of_lead = Predicate(
    "head of the lead department",
    lambda actor, case: case.lead_id in actor.departments(*HEADS),
    frozenset(HEADS),
)
firm_of_case = Predicate(
    "member of the case's firm",
    lambda actor, case: case.enterprise_id is not None and case.enterprise_id in actor.enterprises,
    frozenset(FIRM_ROLES),
)


def _withdraws(actor: Actor, thanks: Any) -> bool:
    own = thanks.entered_by_id in actor.persons
    return (
        own
        or dispatcher_of_intake(actor, thanks.case)
        or (not thanks.by_unit and firm_of_case(actor, thanks.case))
    )


takes_thanks_back = Predicate(
    "whoever entered them, dispatcher of the intake department, or member of the firm that gave them itself",
    _withdraws,
    frozenset({*FIRM_ROLES, *UNIT, Role.DISPATCHER}),
)

PERMISSIONS = {
    "feedback.give_thanks": firm_of_case | unit_in_charge | dispatcher_of_intake,
    "feedback.withdraw_thanks": takes_thanks_back,
    "feedback.see_thanks": holds(*WORKING_ROLES),
    "feedback.visit_back": dispatcher_of_intake,
    "feedback.see_visits": holds(Role.DISPATCHER),
    "feedback.ask_exclusion": dispatcher_of_intake,
    "feedback.decide_exclusion": above_intake,
    "feedback.see_exclusions": holds(Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER),
    "feedback.expect_effect": unit_in_charge | dispatcher_of_intake,
    "feedback.say_effect_there": unit_in_charge | firm_of_case,
    "feedback.confirm_effect": firm_of_case | dispatcher_of_intake,
    "feedback.deny_effect": firm_of_case,
    "feedback.look_again": unit_in_charge,
    "feedback.drop_effect": head_of_lead | dispatcher_of_intake,
    "feedback.see_effects": holds(*WORKING_ROLES),
    "feedback.see_figures": holds(*READERS),
}

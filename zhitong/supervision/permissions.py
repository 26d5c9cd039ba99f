"""Who may do what with a supervised matter. A person reads this table before anybody reads code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import Role, Side
from zhitong.core.permissions import Predicate, holds, is_side, system_only

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

UNIT_ROLES = (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
STEERING = (Role.SUPERVISOR, Role.LEADER)


def _above(actor: Actor, unit: Any, *roles: Role) -> bool:
    return any(unit.path.startswith(path) for path in actor.paths(*roles))


def _issued(actor: Actor, task: Any) -> bool:
    return task.matter.issued_by_id in actor.persons and bool(actor.roles & {*STEERING})


def _transcribes(actor: Actor, matter: Any) -> bool:
    return _above(actor, matter.department, Role.SUPERVISOR)


member = Predicate(
    "handler, section_head or leader_in_charge of the unit that has the task",
    lambda actor, task: task.department_id in actor.departments(*UNIT_ROLES),
    frozenset(UNIT_ROLES),
)
supervision_office = Predicate(
    "supervisor at or above the unit that issued the matter",
    lambda actor, task: _above(actor, task.matter.department, Role.SUPERVISOR),
    frozenset({Role.SUPERVISOR}),
)
issuer = Predicate("whoever issued the matter", _issued, frozenset(STEERING))
overseer = Predicate(
    "supervisor or leader at or above the unit that has the task",
    lambda actor, task: _above(actor, task.department, *STEERING),
    frozenset(STEERING),
)
not_own_report = Predicate(
    "not whoever reported it done", lambda actor, task: task.reported_by_id not in actor.persons
)
transcriber = Predicate(
    "supervisor at or above the unit that issued the matter", _transcribes, frozenset({Role.SUPERVISOR})
)

HEADS = (Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)


def _proposes(actor: Actor, case: Any) -> bool:
    return (
        case.intake_id in actor.departments(Role.DISPATCHER)
        or (case.lead_id is not None and case.lead_id in actor.departments(*HEADS))
        or _above(actor, case.intake, Role.SUPERVISOR)
    )


PROPOSERS = frozenset({Role.DISPATCHER, *HEADS, Role.SUPERVISOR})
proposer = Predicate(
    "dispatcher of the intake unit, head of the lead department, or supervisor at or above the intake unit",
    _proposes,
    PROPOSERS,
)
proposer_of_it = Predicate(
    "dispatcher of the intake unit, head of the lead department, or supervisor at or above the intake unit",
    lambda actor, referral: _proposes(actor, referral.case),
    PROPOSERS,
)
leader_above = Predicate(
    "leader at or above the unit before which the case lies",
    lambda actor, referral: _above(actor, referral.to_department, Role.LEADER),
    frozenset({Role.LEADER}),
)

draws = Predicate(
    "supervisor of the unit",
    lambda actor, unit: unit.pk in actor.departments(Role.SUPERVISOR),
    frozenset({Role.SUPERVISOR}),
)
checks = Predicate(
    "supervisor at or above the unit that drew it",
    lambda actor, check: _above(actor, check.sample.department, Role.SUPERVISOR),
    frozenset({Role.SUPERVISOR}),
)


def _keeps(actor: Actor, week: Any) -> bool:
    unit = week.department
    return unit.pk in actor.departments(Role.DISPATCHER) or _above(actor, unit, Role.SUPERVISOR)


def _answers(actor: Actor, item: Any) -> bool:
    lead = item.case.lead_id
    if lead is None:
        return item.case.intake_id in actor.departments(Role.DISPATCHER)
    return lead in actor.departments(*UNIT_ROLES)


KEEPERS = frozenset({Role.DISPATCHER, Role.SUPERVISOR})
keeper = Predicate("dispatcher of the list's unit, or supervisor at or above it", _keeps, KEEPERS)
keeper_of_it = Predicate(
    "dispatcher of the list's unit, or supervisor at or above it",
    lambda actor, item: _keeps(actor, item.week),
    KEEPERS,
)
answers_for_it = Predicate(
    "handler, section_head or leader_in_charge of the lead department (before the dispatch: dispatcher)",
    _answers,
    frozenset({*UNIT_ROLES, Role.DISPATCHER}),
)

PERMISSIONS = {
    "supervision.make_week": system_only,
    "supervision.remind_week": system_only,
    "supervision.add_to_week": keeper,
    "supervision.take_off": keeper_of_it,
    "supervision.say_why": answers_for_it,
    "supervision.see": is_side(Side.STAFF),
    "supervision.instruct": holds(Role.LEADER),
    "supervision.order": holds(Role.SUPERVISOR),
    "supervision.transcribe": transcriber,
    "supervision.sign": member,
    "supervision.report": member,
    "supervision.close_report": member,
    "supervision.send_back": supervision_office | issuer,
    "supervision.clear": supervision_office & not_own_report,
    "supervision.cancel": supervision_office | issuer,
    "supervision.talk": supervision_office,
    "supervision.circular": supervision_office,
    "supervision.remind": supervision_office | issuer | overseer,
    "supervision.propose": proposer,
    "supervision.withdraw_referral": proposer_of_it,
    "supervision.decide": leader_above,
    "supervision.oversee": holds(*STEERING),
    "supervision.draw": draws,
    "supervision.check": checks,
    "supervision.hand_over": holds(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    "supervision.tell_overdue": system_only,
}

"""Who may do what with a case. A person reads this table before anybody reads code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhitong.cases.states import Asking, extended_by_lead
from zhitong.core.actor import Role, Side
from zhitong.core.permissions import Predicate, has_scope, holds, is_side, system_only
from zhitong.core.slots import Scope
from zhitong.enterprises.queries import reaches
from zhitong.orgs.states import SIGNING, SignStep, chain_step

if TYPE_CHECKING:
    from zhitong.core.actor import Actor


OVERSEERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
# What a program's key can be good for.
READ, SUBMIT, FILES = "cases.read", "cases.submit", "cases.files"
KEY_SCOPES = {
    READ: Scope(_("Read cases")),
    SUBMIT: Scope(_("Send cases and add to them")),
    FILES: Scope(_("Fetch their files")),
}


def _in_department(attribute: str, *roles: Role) -> Predicate:
    def test(actor: Actor, case: Any) -> bool:
        return getattr(case, f"{attribute}_id") in actor.departments(*roles)

    names = " or ".join(sorted(roles))
    return Predicate(f"{names} of the {attribute} department", test, frozenset(roles))


def _is_person(actor: Actor, case: Any) -> bool:
    return case.person_id in actor.persons and case.lead_id in actor.departments(Role.HANDLER)


def _unassigned(actor: Actor, case: Any) -> bool:
    return case.person_id is None and case.lead_id in actor.departments(Role.HANDLER)


def _not_own_answer(actor: Actor, case: Any) -> bool:
    return case.answered_by_id not in actor.persons


def _own_answer(actor: Actor, case: Any) -> bool:
    return case.answered_by_id in actor.persons and case.lead_id in actor.departments(Role.HANDLER)


def _step(case: Any) -> SignStep:
    # Cases of before there were chains have none: one signature.
    return chain_step(case.chain or SIGNING, case.chain_step)


def _signs(*, last: bool) -> Predicate:
    def test(actor: Actor, case: Any) -> bool:
        step = _step(case)
        return step.last is last and case.lead_id in actor.departments(*step.roles)

    text = "whose signature the answer needs last" if last else "whose signature the answer needs next"
    return Predicate(text, test, frozenset({Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}))


def _asked(kind: Asking) -> Predicate:
    return Predicate(f"while the lead asks for {kind}", lambda _, case: case.asking == kind)


def _decides(actor: Actor, case: Any) -> bool:
    """Who decides on a request: the intake unit, for an extension of some kinds the lead's head."""
    if case.asking == Asking.EXTENSION and extended_by_lead(case.sla_version, case.kind):
        return reviewer(actor, case)
    return dispatcher_of_intake(actor, case)


def _may_decide(actor: Actor, case: Any) -> bool:
    by_lead = extended_by_lead(case.sla_version, case.kind)
    return dispatcher_of_intake(actor, case) or (by_lead and reviewer(actor, case))


def _oversees(actor: Actor, case: Any) -> bool:
    if case.confidential:
        return False
    paths = [unit.path for unit in (case.intake, case.lead) if unit is not None]
    return any(path.startswith(above) for above in actor.paths(*OVERSEERS) for path in paths)


of_the_firm = Predicate(
    "member of the case's firm",
    lambda actor, case: case.enterprise_id is not None and case.enterprise_id in actor.enterprises,
    frozenset({Role.FIRM_MEMBER, Role.FIRM_ADMIN}),
)
dispatcher_of_intake = _in_department("intake", Role.DISPATCHER)
person_in_charge = Predicate(
    "the handler in charge (or who stands in)", _is_person, frozenset({Role.HANDLER})
)
handler_if_unassigned = Predicate(
    "handler of the lead department while nobody is in charge", _unassigned, frozenset({Role.HANDLER})
)
reviewer = _in_department("lead", Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
other_than_author = Predicate("not the author of the answer", _not_own_answer)
author = Predicate("the author of the answer (or who stands in)", _own_answer, frozenset({Role.HANDLER}))
unsigned = Predicate("while nobody has signed", lambda _, case: case.chain_step == 0)
not_objected = Predicate("if nobody objected before", lambda _, case: not case.objected)
own_choice = Predicate(
    "whoever said it last",
    lambda actor, choice: choice.by_user_id == actor.user,
    frozenset({Role.DISPATCHER, Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}),
)
deciding = Predicate(
    "dispatcher of the intake department (on an extension of overdue payments: the lead's head)",
    _decides,
    frozenset({Role.DISPATCHER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}),
)
deciding_in_principle = Predicate(
    "dispatcher of the intake department (for overdue payments also the lead's head)",
    _may_decide,
    frozenset({Role.DISPATCHER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}),
)
nothing_asked = Predicate("while no request is open", lambda _, case: not case.asking)
not_extended = Predicate("unless the case was extended before", lambda _, case: not case.extended)
something_asked = Predicate("while a request is open", lambda _, case: bool(case.asking))
overseer = Predicate("supervisor or leader above the case", _oversees, frozenset(OVERSEERS))
clock_only = Predicate("the system, when a clock has run out", lambda actor, _: actor.side is Side.SYSTEM)


calling = Predicate(
    "dispatcher of the unit that has to call",
    lambda actor, call: call.caller_id in actor.departments(Role.DISPATCHER),
    frozenset({Role.DISPATCHER}),
)
unprotected = Predicate("unless the reporter is protected", lambda _, case: not case.protected)
knows_reporter = unprotected | dispatcher_of_intake | of_the_firm


def _helps(actor: Actor, assist: Any) -> bool:
    unassigned = assist.person_id is None
    return (unassigned or assist.person_id in actor.persons) and (
        assist.department_id in actor.departments(Role.HANDLER)
    )


def _heads_help(actor: Actor, assist: Any) -> bool:
    return assist.department_id in actor.departments(Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)


def _steers(actor: Actor, assist: Any) -> bool:
    return (dispatcher_of_intake | person_in_charge | reviewer)(actor, assist.case)


helper = Predicate(
    "handler in charge of the helping department's part (any of its handlers while nobody is)",
    _helps,
    frozenset({Role.HANDLER}),
)
helpers_head = Predicate(
    "section_head or leader_in_charge of the helping department",
    _heads_help,
    frozenset({Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}),
)
steering = Predicate(
    "dispatcher of the intake department, or the lead department's handler in charge or head",
    _steers,
    frozenset({Role.DISPATCHER, Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}),
)


asked_beforehand = Predicate(
    "handler, section_head or leader_in_charge of the department that is asked",
    lambda actor, sounding: (
        sounding.department_id in actor.departments(Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
    ),
    frozenset({Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}),
)


def _reached(actor: Actor, case: Any) -> bool:
    region = case.enterprise.region if case.enterprise_id else case.intake.region
    return not case.confidential and reaches(actor.regions, region)


sender = has_scope(SUBMIT) & Predicate("within its regions and not confidential", _reached)
disputing = reviewer | person_in_charge | handler_if_unassigned

PERMISSIONS = {
    "cases.register": holds(Role.DISPATCHER, Role.HANDLER, Role.SECTION_HEAD),
    "cases.submit": holds(Role.FIRM_MEMBER, Role.FIRM_ADMIN) | has_scope(SUBMIT),
    "cases.say_more": sender,
    "cases.read_api": has_scope(READ),
    "cases.read_files_api": has_scope(FILES),
    "cases.see_plans": is_side(Side.STAFF),
    "cases.see": is_side(Side.STAFF) | is_side(Side.FIRM),
    "cases.supplement": of_the_firm | sender,
    "cases.withdraw": of_the_firm,
    "cases.rate": of_the_firm,
    "cases.accept": dispatcher_of_intake,
    "cases.return": dispatcher_of_intake,
    "cases.dispatch": dispatcher_of_intake,
    "cases.take_back_dispatch": dispatcher_of_intake,
    "cases.sound": dispatcher_of_intake,
    "cases.answer_sounding": asked_beforehand,
    "cases.redispatch": dispatcher_of_intake,
    "cases.reclassify": dispatcher_of_intake,
    "cases.categorise": dispatcher_of_intake | person_in_charge | reviewer,
    "cases.take_back_category": own_choice,
    "cases.close": dispatcher_of_intake,
    "cases.merge": dispatcher_of_intake,
    "cases.separate": dispatcher_of_intake,
    "cases.split": dispatcher_of_intake,
    "cases.pass_up": dispatcher_of_intake,
    "cases.log_call": calling,
    "cases.see_reporter": knows_reporter,
    "cases.urge": of_the_firm,
    "cases.append": of_the_firm | sender,
    "cases.refuse": dispatcher_of_intake,
    "cases.overrule": dispatcher_of_intake,
    "cases.uphold": dispatcher_of_intake,
    "cases.grant_extension": deciding & _asked(Asking.EXTENSION),
    "cases.grant_suspension": dispatcher_of_intake & _asked(Asking.SUSPENSION),
    "cases.grant_plan": dispatcher_of_intake & _asked(Asking.PLAN),
    # What a late or second try is told is asked of these; the rows above and below draw the buttons.
    "cases.decide": deciding_in_principle,
    "cases.ask": person_in_charge,
    "cases.dispute": disputing,
    "cases.take_back": author,
    "cases.decline": deciding & something_asked,
    "cases.remind": dispatcher_of_intake | reviewer | overseer,
    "cases.reopen": dispatcher_of_intake,
    "cases.object": disputing & not_objected,
    "cases.transfer": reviewer,
    "cases.contact": person_in_charge | handler_if_unassigned | reviewer,
    "cases.ask_extension": person_in_charge & nothing_asked & not_extended,
    "cases.ask_suspension": person_in_charge & nothing_asked,
    "cases.ask_plan": person_in_charge & nothing_asked,
    "cases.ask_help": dispatcher_of_intake | person_in_charge | reviewer,
    "cases.take_assist": helper,
    "cases.answer_assist": helper,
    "cases.answer_assist_for": steering,
    "cases.assign_assist": helpers_head,
    "cases.steer_assist": steering,
    "cases.resume": person_in_charge | dispatcher_of_intake,
    "cases.stage": person_in_charge,
    "cases.take_up": person_in_charge,
    "cases.assign": reviewer | dispatcher_of_intake,
    "cases.start": person_in_charge | handler_if_unassigned,
    "cases.note": person_in_charge | dispatcher_of_intake | reviewer | sender,
    "cases.answer": person_in_charge,
    "cases.answer_for": dispatcher_of_intake,
    "cases.take_back_answer": author & unsigned,
    "cases.review": _signs(last=False) & other_than_author,
    "cases.approve": _signs(last=True) & other_than_author,
    "cases.reject": reviewer & other_than_author,
    "cases.close_unrated": clock_only,
    "cases.close_silent": clock_only,
    "cases.end_suspension": clock_only,
    "cases.reopen_rated": clock_only,
    "cases.raise_alarm": clock_only,
    "cases.sounding_over": clock_only,
    "cases.remind_silent": clock_only,
    "cases.remind_rating": clock_only,
    "cases.reopen_visited": clock_only,
    "cases.answer_merged": clock_only,
    "cases.ask_to_call": clock_only,
    "cases.hand_over": holds(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    "cases.link_firm": dispatcher_of_intake,
    "cases.reindex": system_only,
    "cases.learn_categories": system_only,
}

"""Who may do what with a case. A person reads this table before anybody reads code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import Role, Side
from zhitong.core.permissions import Predicate, holds, is_side

if TYPE_CHECKING:
    from zhitong.core.actor import Actor


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
clock_only = Predicate("the system, when a clock has run out", lambda actor, _: actor.side is Side.SYSTEM)

PERMISSIONS = {
    "cases.submit": holds(Role.FIRM_MEMBER, Role.FIRM_ADMIN),
    "cases.see": is_side(Side.STAFF) | is_side(Side.FIRM),
    "cases.supplement": of_the_firm,
    "cases.withdraw": of_the_firm,
    "cases.rate": of_the_firm,
    "cases.accept": dispatcher_of_intake,
    "cases.return": dispatcher_of_intake,
    "cases.dispatch": dispatcher_of_intake,
    "cases.redispatch": dispatcher_of_intake,
    "cases.close": dispatcher_of_intake,
    "cases.assign": reviewer | dispatcher_of_intake,
    "cases.start": person_in_charge | handler_if_unassigned,
    "cases.note": person_in_charge | dispatcher_of_intake | reviewer,
    "cases.answer": person_in_charge,
    "cases.approve": reviewer & other_than_author,
    "cases.reject": reviewer & other_than_author,
    "cases.close_unrated": clock_only,
    "cases.hand_over": holds(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    "cases.link_firm": dispatcher_of_intake,
}

"""Who may do what with precedents and canned answers. A person reads this table before anybody reads code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import WORKING_ROLES, Role, Side
from zhitong.core.permissions import Predicate, holds, is_side, may, system_only
from zhitong.insight.states import UNIT_ROLES

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

MAKERS = frozenset({*UNIT_ROLES, Role.DISPATCHER})


def _makes(actor: Actor, case: Any) -> bool:
    led = case.lead_id is not None and case.lead_id in actor.departments(*UNIT_ROLES)
    return led or case.intake_id in actor.departments(Role.DISPATCHER)


def _wrote(actor: Actor, precedent: Any) -> bool:
    return precedent.author_id in actor.persons and _makes(actor, precedent.case)


def _heads(actor: Actor, precedent: Any) -> bool:
    headed = precedent.department_id in actor.departments(Role.SECTION_HEAD)
    return headed or precedent.case.intake_id in actor.departments(Role.DISPATCHER)


def _keeps(actor: Actor, canned: Any) -> bool:
    roles = (Role.DISPATCHER,) if canned.below else UNIT_ROLES
    return canned.department_id in actor.departments(*roles)


def may_be_source(case: Any, outcomes: list[str]) -> bool:
    """Whether a precedent may be made from a case, whoever asks."""
    return (
        case.state == "closed" and case.outcome in outcomes and not case.confidential and not case.protected
    )


maker = Predicate(
    "handler or section_head of the lead department, or dispatcher of the intake department", _makes, MAKERS
)
author = Predicate("the author, while in the department that led the case or took it in", _wrote, MAKERS)
head = Predicate(
    "section_head of the precedent's department, or dispatcher of the case's intake department",
    _heads,
    frozenset({Role.SECTION_HEAD, Role.DISPATCHER}),
)
other_than_author = Predicate("not the author", lambda actor, row: row.author_id not in actor.persons)
answering = Predicate(
    "whoever may answer the case",
    lambda actor, case: may(actor, "cases.answer", case),
    frozenset({Role.HANDLER}),
)
keeper = Predicate(
    "handler or section_head of its department; for one that serves all units below, dispatcher of it",
    _keeps,
    MAKERS,
)

PERMISSIONS = {
    "insight.see": holds(*WORKING_ROLES),
    "insight.make": maker,
    "insight.edit": author,
    "insight.send": author,
    "insight.publish": head & other_than_author,
    "insight.send_back": head & other_than_author,
    "insight.renew": head & other_than_author,
    "insight.withdraw": author | head,
    "insight.use": answering,
    "insight.say_helped": is_side(Side.FIRM),
    "insight.keep_some": holds(*MAKERS),
    "insight.keep": keeper,
    "insight.reindex": system_only,
}

"""Who keeps templates, fills them in, and makes reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import WORKING_ROLES, Role
from zhitong.core.permissions import Predicate, holds
from zhitong.orgs.queries import with_those_above
from zhitong.reports.queries import OVERSEERS, READERS, is_in_sight

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

KEEPERS = (Role.DISPATCHER, Role.SECTION_HEAD)


def _keeps(actor: Actor, department: Any) -> bool:
    return department.pk in actor.departments(*KEEPERS)


def _withdraws(actor: Actor, template: Any) -> bool:
    return template.department_id in actor.departments(*KEEPERS)


def _uses(actor: Actor, template: Any) -> bool:
    return template.department.path in with_those_above(actor.paths(*WORKING_ROLES))


def _makes(actor: Actor, department: Any) -> bool:
    return department.pk in actor.departments(*READERS)


keeper = Predicate("dispatcher or section head of the unit", _keeps, frozenset(KEEPERS))
keeper_of_template = Predicate(
    "dispatcher or section head of the template's unit", _withdraws, frozenset(KEEPERS)
)
staff_below = Predicate("staff of the template's unit and of units below it", _uses, WORKING_ROLES)
reader_of_unit = Predicate("dispatcher, head, supervisor or leader of the unit", _makes, frozenset(READERS))
report_in_sight = Predicate(
    "dispatcher, supervisor or leader at or above the report's unit; its heads, if it counts what that leads",
    is_in_sight,
    frozenset({*READERS, *OVERSEERS}),
)

PERMISSIONS = {
    "reports.see_ledger": holds(*WORKING_ROLES),
    "reports.see_templates": holds(*WORKING_ROLES),
    "reports.keep_templates": holds(*KEEPERS),
    "reports.add_template": keeper,
    "reports.withdraw_template": keeper_of_template,
    "reports.fill": staff_below,
    "reports.see_reports": holds(*READERS),
    "reports.make": reader_of_unit,
    "reports.hand_out": report_in_sight,
}

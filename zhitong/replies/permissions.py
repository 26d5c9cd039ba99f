"""Who gives links out, enters replies and takes them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import WORKING_ROLES, Role, Side
from zhitong.core.permissions import Predicate, holds, may

if TYPE_CHECKING:
    from zhitong.core.actor import Actor


def scope(link: int) -> str:
    """Return the scope that whoever holds a link acts under."""
    return f"replies.link:{link}"


def _speaks(actor: Actor, row: Any) -> bool:
    if row.assist is None:
        return may(actor, "cases.answer_for", row.case)
    return may(actor, "cases.answer_assist_for", row.assist)


def _enters(actor: Actor, row: Any) -> bool:
    if row.assist is None:
        return may(actor, "cases.remind", row.case)
    return may(actor, "cases.answer_assist_for", row.assist)


def _brought(actor: Actor, sheet: Any) -> bool:
    return sheet.entered_by_id in actor.persons


def _holds_link(actor: Actor, link: Any) -> bool:
    return actor.side is Side.OUTSIDE and scope(link.pk) in actor.scopes


speaks_for_unit = Predicate(
    "dispatcher of the intake department; for a part whoever steers it",
    _speaks,
    frozenset({Role.DISPATCHER, Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE}),
)
enters_for_unit = Predicate(
    "dispatcher of the intake department, or who oversees the case; for a part whoever steers it",
    _enters,
    WORKING_ROLES,
)
bringer = Predicate("whoever brought the sheet", _brought, WORKING_ROLES)
link_holder = Predicate("whoever holds the link, once", _holds_link)

PERMISSIONS = {
    "replies.see": holds(*WORKING_ROLES),
    "replies.link": speaks_for_unit,
    "replies.enter": enters_for_unit,
    "replies.sheet": holds(*WORKING_ROLES),
    "replies.enter_sheet": bringer,
    "replies.take": speaks_for_unit,
    "replies.reply": link_holder,
}

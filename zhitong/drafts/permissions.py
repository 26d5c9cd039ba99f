"""Who takes troubles down, and who enters them."""

from __future__ import annotations

from zhitong.core.actor import Side
from zhitong.core.permissions import Predicate, holds
from zhitong.drafts.states import TAKING

of_unit = Predicate(
    "dispatcher, handler or section_head of the unit that took it down",
    lambda actor, row: row.unit_id in actor.departments(*TAKING),
    frozenset(TAKING),
)
fetching = Predicate(
    "the system, which fetches e-mail and has recordings written down",
    lambda actor, _: actor.side is Side.SYSTEM,
)

PERMISSIONS = {
    "drafts.see": holds(*TAKING),
    "drafts.receive": holds(*TAKING) | fetching,
    "drafts.take_mail": fetching,
    "drafts.transcribe": fetching,
    "drafts.change": of_unit,
    "drafts.drop": of_unit,
    "drafts.enter": of_unit,
}

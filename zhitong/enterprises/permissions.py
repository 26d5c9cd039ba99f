"""Who may see the register, keep it, speak for a firm, and come to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from zhitong.core.actor import WORKING_ROLES, Role
from zhitong.core.permissions import Predicate, has_scope, holds, signed_in, system_only
from zhitong.core.slots import Scope

if TYPE_CHECKING:
    from zhitong.core.actor import Actor

FIRM = frozenset({Role.FIRM_MEMBER, Role.FIRM_ADMIN})
# What a program's key can be good for.
READ, FINANCE, CHANGES, WRITE = "firms.read", "firms.facts", "firms.changes", "firms.write"
KEY_SCOPES = {
    READ: Scope(_("Read firms")),
    FINANCE: Scope(_("Read their facts")),
    CHANGES: Scope(_("Read what changed")),
    WRITE: Scope(_("Send firms")),
}
SCOPES = tuple(KEY_SCOPES)


def _administers(actor: Actor, firm: Any) -> bool:
    wanted = getattr(firm, "pk", firm)
    return any(seat.role == Role.FIRM_ADMIN and seat.enterprise == wanted for seat in actor.seats)


own_firm_admin = Predicate("firm_admin of the firm", _administers, frozenset({Role.FIRM_ADMIN}))
own_firm = Predicate(
    "member of the firm", lambda actor, firm: getattr(firm, "pk", firm) in actor.enterprises, FIRM
)
of_seats_firm = Predicate(
    "firm_admin of the seat's firm",
    lambda actor, seat: _administers(actor, seat.enterprise_id),
    frozenset({Role.FIRM_ADMIN}),
)
seated_themselves = Predicate(
    "the person in the seat", lambda actor, seat: actor.user is not None and actor.user == seat.user_id, FIRM
)
of_contacts_department = Predicate(
    "somebody of the contact's department",
    lambda actor, contact: contact.department_id in actor.departments(*WORKING_ROLES),
    WORKING_ROLES,
)

working = holds(*WORKING_ROLES)
keepers = holds(Role.DISPATCHER, Role.HANDLER)

PERMISSIONS = {
    "enterprises.see_register": working,
    "enterprises.export": working,
    "enterprises.register": keepers,
    "enterprises.change": keepers,
    "enterprises.merge": holds(Role.DISPATCHER),
    "enterprises.import": keepers,
    "enterprises.store": has_scope(WRITE),
    "enterprises.import_rows": system_only,
    # A firm speaks for itself; officers write down what reports and visits say.
    "enterprises.state_fact": own_firm | keepers,
    "enterprises.confirm_fact": holds(Role.DISPATCHER, Role.HANDLER, Role.SECTION_HEAD),
    "enterprises.see_people": own_firm | working,
    "enterprises.seat": own_firm_admin | holds(Role.DISPATCHER),
    "enterprises.invite": own_firm_admin | holds(Role.DISPATCHER),
    "enterprises.unseat": seated_themselves | of_seats_firm | holds(Role.DISPATCHER),
    "enterprises.replace_administrator": holds(Role.DISPATCHER),
    "enterprises.keep_people": own_firm_admin | keepers,
    "enterprises.unmask": working,
    "enterprises.consent": signed_in,
    "enterprises.erase": system_only,
    "enterprises.sponsor": holds(Role.DISPATCHER),
    "enterprises.pass_on": holds(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    "enterprises.contact": working,
    "enterprises.contact_of_department": of_contacts_department | holds(Role.DISPATCHER),
    "enterprises.excuse_contact": holds(Role.DISPATCHER, Role.LEADER),
    "enterprises.rest": own_firm,
    "enterprises.keep_tokens": holds(Role.SYSTEM_ADMIN),
    "enterprises.read_api": has_scope(READ),
    "enterprises.read_facts_api": has_scope(FINANCE),
    "enterprises.read_changes_api": has_scope(CHANGES),
}

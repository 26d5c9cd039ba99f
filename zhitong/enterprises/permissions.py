"""Who may register and change firms, seat their people, and say what is known about them."""

from __future__ import annotations

from zhitong.core.actor import Role
from zhitong.core.permissions import Predicate, holds

own_firm_admin = Predicate(
    "firm_admin of the firm",
    lambda actor, firm: any(
        seat.role == Role.FIRM_ADMIN and seat.enterprise == getattr(firm, "pk", firm) for seat in actor.seats
    ),
    frozenset({Role.FIRM_ADMIN}),
)

own_firm = Predicate(
    "member of the firm",
    lambda actor, firm: getattr(firm, "pk", firm) in actor.enterprises,
    frozenset({Role.FIRM_MEMBER, Role.FIRM_ADMIN}),
)

PERMISSIONS = {
    "enterprises.register": holds(Role.DISPATCHER, Role.HANDLER),
    "enterprises.seat": own_firm_admin | holds(Role.DISPATCHER),
    "enterprises.change": holds(Role.DISPATCHER, Role.HANDLER),
    # A firm speaks for itself; officers write down what reports and visits say.
    "enterprises.state_fact": own_firm | holds(Role.DISPATCHER, Role.HANDLER),
    "enterprises.confirm_fact": holds(Role.DISPATCHER, Role.HANDLER, Role.SECTION_HEAD),
}

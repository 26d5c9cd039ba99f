"""Who may register firms and seat their people."""

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

PERMISSIONS = {
    "enterprises.register": holds(Role.DISPATCHER, Role.HANDLER),
    "enterprises.seat": own_firm_admin | holds(Role.DISPATCHER),
}

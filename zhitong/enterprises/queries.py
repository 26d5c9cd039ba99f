"""Reading firms and seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core.actor import Actor, Role, Seat, Side
from zhitong.enterprises.models import Enterprise, Membership

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def actor_seats(user: Any, now: datetime) -> dict[str, Any]:
    """Return the firms a user sits in at `now`; fields for an Actor."""
    rows = Membership.objects.filter(user=user, since__lte=now, until__isnull=True)
    return {"seats": tuple(Seat(Role(row.role), row.enterprise_id) for row in rows)}


def firm_actor(user: Any, now: datetime) -> Actor:
    """Return the actor for a firm's member outside a request."""
    return Actor(side=Side.FIRM, user=user.pk, label=user.name, **actor_seats(user, now))


def own_firms(actor: Actor) -> QuerySet[Enterprise]:
    """The firms the actor sits in."""
    return Enterprise.objects.filter(pk__in=actor.enterprises)


def member_ids(enterprise: int) -> list[int]:
    """The users who sit in a firm now."""
    rows = Membership.objects.filter(enterprise_id=enterprise, until__isnull=True, user__is_active=True)
    return list(rows.values_list("user", flat=True))

"""Who sits in which firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from zhitong.core import permissions
from zhitong.core.actor import Actor, Role, Seat, Side
from zhitong.core.prepared import prepared
from zhitong.enterprises.models import Consent, ContactPerson, Enterprise, Invitation, Membership
from zhitong.enterprises.queries.scope import family, get_firm, same_firm, visible

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


def actor_seats(user: Any, now: datetime) -> dict[str, Any]:
    """Return the firms a user sits in at `now`, with the entries merged with them; fields for an Actor."""
    seats = {(Role(role), firm) for role, firm in _held(user.pk, now)}
    if seats:
        seats |= {(role, other) for role, firm in set(seats) for other in family([firm])}
    return {"seats": tuple(Seat(role, firm) for role, firm in sorted(seats))}


@prepared
def _held(user: int, now: datetime) -> QuerySet[Membership, tuple[str, int]]:
    rows = Membership.objects.filter(user=user, since__lte=now, until__isnull=True)
    return rows.values_list("role", "enterprise")


def firm_actor(user: Any, now: datetime) -> Actor:
    """Return the actor for a firm's member outside a request."""
    return Actor(side=Side.FIRM, user=user.pk, label=user.name, **actor_seats(user, now))


def own_firms(actor: Actor) -> QuerySet[Enterprise]:
    """The firms the actor sits in; one entry a firm."""
    return Enterprise.objects.filter(pk__in=actor.enterprises, merged_into__isnull=True)


def member_ids(enterprise: int) -> list[int]:
    """The users who sit in a firm now."""
    rows = Membership.objects.filter(
        enterprise__in=family([enterprise]), until__isnull=True, user__is_active=True
    )
    return list(rows.values_list("user", flat=True).distinct())


def members(firm: Enterprise) -> QuerySet[Membership]:
    """The seats held in a firm now."""
    return Membership.objects.filter(enterprise__in=same_firm(firm), until__isnull=True).select_related(
        "user", "enterprise"
    )


def get_seat(actor: Actor, pk: int) -> Membership:
    """Return a seat that is held, to those who may see its firm; 404 for others."""
    row = Membership.objects.filter(pk=pk, until__isnull=True).select_related("user", "enterprise").first()
    if row is None:
        raise Http404
    get_firm(actor, row.enterprise_id)
    return row


def invitations(firm: Enterprise, now: datetime) -> QuerySet[Invitation]:
    """The invitations of a firm that can still be used."""
    return Invitation.objects.filter(
        enterprise__in=same_firm(firm), used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now
    ).select_related("made_by")


def get_invitation(actor: Actor, pk: int) -> Invitation:
    """Return an unused invitation to those who may invite for its firm; 404 for others."""
    row = Invitation.objects.filter(pk=pk, used_at__isnull=True).select_related("enterprise").first()
    if row is None or not permissions.may(actor, "enterprises.invite", row.enterprise):
        raise Http404
    get_firm(actor, row.enterprise_id)
    return row


def contact_people(firm: Enterprise) -> QuerySet[ContactPerson]:
    """The people one calls in a firm."""
    return ContactPerson.objects.filter(enterprise__in=same_firm(firm), until__isnull=True)


def get_contact_person(actor: Actor, pk: int) -> ContactPerson:
    """Return somebody to call, to those who may see the firm; 404 for others."""
    row = ContactPerson.objects.filter(pk=pk, until__isnull=True, enterprise__in=visible(actor, merged=True))
    found = row.select_related("enterprise").first()
    if found is None:
        raise Http404
    return found


def agreed(actor: Actor, version: int) -> Consent | None:
    """When the actor agreed to a version of the notice on personal data, if so."""
    return Consent.objects.filter(user_id=actor.user, version=version).first()

"""Reading firms and seats."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zhitong.core.actor import Actor, Role, Seat, Side
from zhitong.enterprises.facts import kinds_on, resolve
from zhitong.enterprises.models import Enterprise, Fact, Membership
from zhitong.enterprises.states import scale_lines, size_standard
from zhitong.kernel.codes import Above, Classified, Size, above_designated_size, classify

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet


FEN_OF_TEN_THOUSAND = 1_000_000  # the standards count in 10,000 yuan


@dataclass(frozen=True, slots=True)
class Sized:
    """Size class and designated size of a firm in a period, each with its reasons."""

    size: Classified
    scale: Above


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


def statements(enterprise: Enterprise) -> dict[str, list[Fact]]:
    """What every source says about a firm now, by kind of fact."""
    found: dict[str, list[Fact]] = {}
    for fact in Fact.objects.filter(enterprise=enterprise, replaced_at__isnull=True).select_related(
        "stated_by", "confirmed_by"
    ):
        found.setdefault(fact.kind, []).append(fact)
    return found


def size_of(enterprise: Enterprise, period: str, today: date) -> Sized:
    """Work out size class and designated size from the facts of a period; unknown where one is missing."""
    kinds, said = kinds_on(today), statements(enterprise)

    def value(kind: str) -> int | None:
        return resolve(kinds[kind], (fact for fact in said.get(kind, ()) if fact.period == period)).value

    measured = {"people": value("people")}
    for name in ("revenue", "assets"):
        fen = value(name)
        measured[name] = None if fen is None else Decimal(fen) / FEN_OF_TEN_THOUSAND
    if not enterprise.activity:
        return Sized(Classified(Size.UNKNOWN, missing=("activity",)), Above(None, missing=("activity",)))
    return Sized(
        classify(size_standard(), enterprise.activity, measured),
        above_designated_size(scale_lines(), enterprise.activity, measured["revenue"]),
    )

"""What other programs read: their own key, firms in pages, and what has changed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from itertools import takewhile
from typing import TYPE_CHECKING

from django.db.models import Q

from zhitong.core.actor import Actor, Side
from zhitong.enterprises.models import ApiToken, EnterpriseChange
from zhitong.enterprises.queries.scope import visible, within

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

# Numbers are given out in order, but transactions commit in any: what is younger may still have gaps.
SETTLED = timedelta(seconds=20)
GONE = "delete"  # what the feed says of a firm that an undone import had made


def digest(secret: str) -> str:
    """Return what is kept of a key or an invitation code: both are random and long, so a plain hash does."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token(secret: str, now: datetime) -> ApiToken | None:
    """Return the key that a program shows, while it is good; None for every other text."""
    return ApiToken.objects.filter(
        digest=digest(secret), withdrawn_at__isnull=True, made_at__lte=now, expires_at__gt=now
    ).first()


def machine(row: ApiToken) -> Actor:
    """Return the actor of a program."""
    return Actor(
        side=Side.MACHINE,
        label=f"{row.name} ({row.hint})"[:100],
        scopes=frozenset(row.scopes),
        regions=tuple(row.regions),
        token=row.pk,
    )


def tokens() -> QuerySet[ApiToken]:
    """All keys of programs, newest first."""
    return ApiToken.objects.select_related("made_by")


def changes(actor: Actor, *, after: int, limit: int, now: datetime) -> list[EnterpriseChange]:
    """Return what changed after a number, oldest first, for firms the actor may see, or saw before they went.

    Ends before the first row that is young: a reader who went on behind it would never get it.
    """
    seen = Q(enterprise__in=visible(actor, merged=True).values("pk"))
    if actor.side is Side.MACHINE:
        seen |= Q(action=GONE) & within(actor.regions)
    rows = EnterpriseChange.objects.filter(seen, pk__gt=after).order_by("pk")[:limit]
    return list(takewhile(lambda row: row.at <= now - SETTLED, rows))

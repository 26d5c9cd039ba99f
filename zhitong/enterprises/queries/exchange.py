"""What other programs read: their own key, firms in pages, and what has changed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from zhitong.core.actor import Actor, Side
from zhitong.enterprises.models import ApiToken, EnterpriseChange
from zhitong.enterprises.queries.scope import visible

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

# Numbers are given out in order, but transactions commit in any: what is younger may still have gaps.
SETTLED = timedelta(seconds=20)


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
    )


def tokens() -> QuerySet[ApiToken]:
    """All keys of programs, newest first."""
    return ApiToken.objects.select_related("made_by")


def changes(actor: Actor, *, after: int, limit: int, now: datetime) -> list[EnterpriseChange]:
    """Return what changed after a number, oldest first, for firms the actor may see."""
    rows = EnterpriseChange.objects.filter(pk__gt=after, at__lte=now - SETTLED)
    seen = visible(actor, merged=True).values("pk")
    return list(rows.filter(enterprise__in=seen).order_by("pk")[:limit])

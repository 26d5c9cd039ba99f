"""Wrong links are counted by address and by their beginning; who tries too many waits."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from zhitong.replies.models import Knock
from zhitong.replies.states import rule

if TYPE_CHECKING:
    from datetime import datetime

BEGINNING = 6  # signs of a token under which tries from many addresses are counted together


def _keys(address: str, token: str) -> list[str]:
    named = (f"address:{address}", f"token:{token[:BEGINNING]}")
    return [hashlib.sha256(name.encode()).hexdigest() for name in named]


def _window() -> timedelta:
    return timedelta(minutes=rule("minutes"))


def too_many(*, address: str, token: str, now: datetime) -> bool:
    """Whether too many wrong links were tried from the address, or like this one, a short while ago."""
    recent = Knock.objects.filter(key__in=_keys(address, token), since__gt=now - _window())
    return recent.filter(count__gte=rule("tries")).exists()


def count_wrong(*, address: str, token: str, now: datetime) -> None:
    """Count a wrong link; what is older than the window is forgotten.

    A counter changes nothing that belongs to anybody, so no service and no event stands behind it.
    """
    Knock.objects.filter(since__lte=now - _window()).delete()
    for key in _keys(address, token):
        if not Knock.objects.filter(key=key).update(count=F("count") + 1):
            Knock.objects.bulk_create([Knock(key=key, since=now)], ignore_conflicts=True)

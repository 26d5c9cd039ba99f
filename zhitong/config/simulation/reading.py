"""People read their messages as they work: now and then, and lately all but what is new."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from zhitong.config.simulation.clockwork import ROUNDS
from zhitong.core import outbox
from zhitong.enterprises import queries as enterprise_queries
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services
from zhitong.orgs.models import Notice, User

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

LOOKS = (timedelta(days=60), timedelta(days=30))  # how long ago people looked through all they had
MOMENT = timedelta(microseconds=1)
FRESH, MOST = timedelta(days=2), 9  # what nobody has read yet: so new, and so many at most


def fill(now: datetime) -> None:
    """Let everybody read what they would have read by `now`, through the service behind the button."""
    for _ in range(ROUNDS):
        outbox.drain(now=now, limit=10_000)
    unread = Notice.objects.filter(read_at__isnull=True)
    for user in User.objects.filter(pk__in=unread.values("user")).order_by("pk"):
        own = unread.filter(user=user)
        for look in (*(now - ago for ago in LOOKS), _last_look(user, now)):
            if own.filter(created_at__lte=look).exists():
                org_services.read_notices(by=_actor(user, look), now=look)


def _last_look(user: User, now: datetime) -> datetime:
    """When somebody looked last: some days ago, or later where so much came since; never at the newest."""
    newest = Notice.objects.filter(user=user, read_at__isnull=True).order_by("-created_at")
    times = list(newest.values_list("created_at", flat=True)[: MOST + 1])
    look = max([now - FRESH, *times[MOST:]])
    return min(look, times[0] - MOMENT) if times and times[0] > now - FRESH else look


def _actor(user: User, now: datetime) -> Actor:
    return (org_queries.staff_actor if user.needs_second_factor else enterprise_queries.firm_actor)(user, now)

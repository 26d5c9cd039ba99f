"""The way of one thing to be told: prepared with its message, taken by a sender, concluded, sent again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.actor import system
from zhitong.core.errors import ConflictError
from zhitong.core.service import Work, service
from zhitong.webhooks import queries
from zhitong.webhooks.models import Delivery, Subscription
from zhitong.webhooks.services.subscriptions import pause
from zhitong.webhooks.states import DeliveryState, Switch, pauses, rule, topic_of

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.models import OutboxMessage

# Longer than a try can take: after it the sender is dead, and another may try.
LEASE = timedelta(minutes=2)
SIGNATURE = system("webhooks")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sender needs for one try."""

    delivery: int
    until: datetime  # the mark of this try: another sender has another one
    address: str
    body: bytes
    secrets: list[str]


def prepare(*, message: OutboxMessage, now: datetime) -> list[int]:
    """Make one row for each subscription that hears of a message; a repeat makes none. For the outbox."""
    topic, case = topic_of(message.topic), message.payload["case"]
    hearing = [row for row in queries.listening(topic or "") if queries.hears(row.token, case, now)]
    Delivery.objects.bulk_create(
        [
            Delivery(
                subscription=row, message=message.pk, topic=topic, case_id=case,
                case_state=message.payload["state"], at=message.created_at, next_at=now,
            )
            for row in hearing
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    made = Delivery.objects.filter(message=message.pk, subscription__in=hearing)
    return list(made.order_by("pk").values_list("pk", flat=True))


def take(*, delivery: int, now: datetime) -> Taken | None:
    """Take a delivery in hand for one try; None where it is not due, not free, or not to be heard."""
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
    until = now + LEASE
    # Not by a join: Django would look rows up by a subquery, which PostgreSQL does not ask again after it has
    # waited for another worker's lock, so that two workers would send.
    heard = Subscription.objects.filter(state=Switch.ON)
    same = Delivery.objects.filter(
        free, pk=delivery, state=DeliveryState.WAITING, next_at__lte=now, subscription__in=heard
    )
    if not same.update(taken_until=until, tries=F("tries") + 1):
        return None
    row = Delivery.objects.select_related("subscription", "subscription__token", "case").get(pk=delivery)
    if not queries.hears(row.subscription.token, row.case_id, now):
        _end(row, DeliveryState.DROPPED, now)
        return None
    secrets = queries.secrets_of(row.subscription, now)
    return Taken(row.pk, until, row.subscription.address, body_of(row), secrets)


def body_of(row: Delivery) -> bytes:
    """Return what is sent: the same bytes at every try, and never a word of the case."""
    plain = {
        "id": str(row.event),
        "number": row.pk,
        "topic": row.topic,
        "time": row.at.isoformat(),
        "case": row.case.number,
        "original_number": row.case.original_number,
        "state": row.case_state,
    }
    return json.dumps(plain, separators=(",", ":")).encode()


def _end(row: Delivery, state: str, now: datetime, **more: object) -> int:
    """End a try, unless another sender has taken the delivery meanwhile."""
    same = Delivery.objects.filter(pk=row.pk, state=DeliveryState.WAITING, taken_until=row.taken_until)
    done = {"done_at": now} if state != DeliveryState.WAITING else {}
    return same.update(state=state, taken_until=None, **done, **more)


def conclude(*, taken: Taken, code: int | None, trouble: str, now: datetime) -> str:
    """Write down what a try came to, and when the next one is; after the last the subscription pauses."""
    with transaction.atomic():
        row = Delivery.objects.select_related("subscription").get(pk=taken.delivery)
        if row.taken_until != taken.until:
            return row.state
        answer = {"code": code, "trouble": trouble}
        if not trouble:
            _end(row, DeliveryState.DELIVERED, now, **answer)
            return DeliveryState.DELIVERED
        waits = pauses()
        if row.tries <= len(waits):
            next_at = now + timedelta(seconds=waits[row.tries - 1])
            _end(row, DeliveryState.WAITING, now, next_at=next_at, **answer)
            return DeliveryState.WAITING
        if _end(row, DeliveryState.FAILED, now, **answer):
            pause(by=SIGNATURE, now=now, subscription=row.subscription, delivery=row.pk)
        return DeliveryState.FAILED


@service("webhooks.resend")
def resend(work: Work, *, by: Actor, now: datetime, delivery: Delivery) -> Delivery:
    """Have something told again, with the same id: at once, and with all tries before it."""
    permissions.require(by, "webhooks.keep", delivery.subscription.token_id)
    ended = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.WAITING)
    fresh = {"state": DeliveryState.WAITING, "done_at": None, "tries": 0, "taken_until": None}
    if not ended.update(next_at=now, **fresh):
        raise ConflictError(gettext_noop("This waits to be told already."))
    work.record(delivery, topic=delivery.topic)
    work.emit("webhooks.resend", delivery=delivery.pk)
    delivery.refresh_from_db()
    return delivery


def prune(*, now: datetime) -> int:
    """Forget deliveries that ended long ago; return how many."""
    before = now - timedelta(days=rule("keep_days"))
    deleted, _ = Delivery.objects.filter(done_at__lt=before).delete()
    return deleted

"""Delivery of what services emitted: once, retried with growing pauses, given up openly."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from zhitong.core import slots
from zhitong.core.models import OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime

ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=10)


def deliver(message: int, *, now: datetime) -> bool:
    """Hand one message to its consumers; True if this call delivered it.

    The consumers' effects and the mark "done" share one transaction, and the mark is taken by a
    conditional update first: two workers cannot both deliver.
    """
    try:
        with transaction.atomic():
            taken = OutboxMessage.objects.filter(pk=message, state=OutboxMessage.PENDING).update(
                state=OutboxMessage.DONE, done_at=now, attempts=F("attempts") + 1, error=""
            )
            if not taken:
                return False
            _consume(OutboxMessage.objects.get(pk=message), now)
    except Exception as error:  # noqa: BLE001 - any failure of a consumer must become a later try
        _postpone(message, error, now)
        return False
    return True


def _consume(message: OutboxMessage, now: datetime) -> None:
    for consumer in slots.consumers:
        if message.topic in consumer.topics:
            consumer(message, now)


def _postpone(message: int, error: Exception, now: datetime) -> None:
    row = OutboxMessage.objects.get(pk=message)
    attempts = row.attempts + 1
    row_set = OutboxMessage.objects.filter(pk=message, state=OutboxMessage.PENDING, attempts=row.attempts)
    row_set.update(
        attempts=attempts,
        state=OutboxMessage.DEAD if attempts >= ATTEMPTS else OutboxMessage.PENDING,
        next_at=now + FIRST_PAUSE * 2 ** (attempts - 1),
        error=f"{type(error).__name__}: {error}"[:300],
    )


def drain(*, now: datetime, limit: int = 500) -> int:
    """Deliver what is due; return how many were delivered."""
    due = OutboxMessage.objects.filter(state=OutboxMessage.PENDING, next_at__lte=now).order_by("id")
    return sum(deliver(pk, now=now) for pk in list(due.values_list("pk", flat=True)[:limit]))


def prune(*, now: datetime, keep: timedelta = timedelta(days=30)) -> int:
    """Forget messages delivered longer than `keep` ago; undelivered ones stay for people to see."""
    deleted, _ = OutboxMessage.objects.filter(state=OutboxMessage.DONE, done_at__lt=now - keep).delete()
    return deleted

"""Work behind the screen: prepare what is to be told, send it, tell of addresses that do not answer."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop
from django_tasks import task

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.orgs import services as org_services
from zhitong.webhooks import queries, services, wire
from zhitong.webhooks.states import messages

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

PAUSED = gettext_noop(
    "“%(address)s” did not answer and is not told any more (key %(key)s). Look into it, then switch it on."
)
SIGNED = "Zhitong-Signature"


def attempt(delivery: int, *, now: datetime) -> str:
    """Make one try of a delivery; return what state it is in then, empty where nothing was to be done."""
    taken = services.take(delivery=delivery, now=now)
    if taken is None:
        return ""
    signed = wire.signature(int(now.timestamp()), taken.body, taken.secrets)
    outcome = wire.post(taken.address, taken.body, {SIGNED: signed})
    return services.conclude(taken=taken, code=outcome.code, trouble=outcome.trouble, now=now)


@task()
def send(delivery: int) -> None:
    """Make one try of a delivery."""
    attempt(delivery, now=clock.now())


@task()
def send_due() -> None:
    """Make a try of everything that is due."""
    for delivery in queries.due(clock.now()):
        attempt(delivery, now=clock.now())


class TellPrograms:
    """Prepares what subscriptions are told of a message, and hands it to a worker."""

    topics = messages()

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the rows in the message's transaction; sending takes seconds and has to wait for its end."""
        for delivery in services.prepare(message=message, now=now):
            send.enqueue(delivery)


class SendAgain:
    """Hands to a worker what somebody wants to have told again."""

    topics = frozenset({"webhooks.resend"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Queue the try."""
        del now
        send.enqueue(message.payload["delivery"])


class TellKeeper:
    """Tells whoever made a subscription, or its key, that it was paused."""

    topics = frozenset({"webhooks.pause"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Make the message."""
        row = queries.get_subscription(system("webhooks"), message.payload["subscription"])
        org_services.notify(
            users=[row.made_by_id or row.token.made_by_id],
            msgid=PAUSED,
            params={"address": row.address[:120], "key": str(row.token)},
            subject="",
            source=f"outbox:{message.pk}",
            now=now,
        )


class SendDue:
    """Hands to a worker what waits: for its next try, or because a worker was lost."""

    every = timedelta(seconds=10)

    def run(self, now: datetime) -> str:
        """Queue one task for all of it; workers had their chance first."""
        waiting = queries.due(now, waited=self.every)
        if waiting:
            send_due.enqueue()
        return f"{len(waiting)} to be sent" if waiting else ""


class PruneDeliveries:
    """Forgets what ended long ago."""

    every = timedelta(days=1)

    def run(self, now: datetime) -> str:
        """Delete old rows."""
        count = services.prune(now=now)
        return f"{count} deliveries forgotten" if count else ""

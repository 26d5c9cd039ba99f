"""After commit: planning and sending; again and again: what is due, digests, and what is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django_tasks import task

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.core.models import OutboxMessage
from zhitong.notices import digests, planning, sending, services

if TYPE_CHECKING:
    from datetime import datetime


@task()
def send_soon(notices: list[int]) -> None:
    """Send what goes at once of several messages."""
    sending.send_due(clock.now(), notices=notices)


class PlanDeliveries:
    """Decides how messages to people leave the system, and hands what goes at once to a worker."""

    topics = frozenset({"orgs.notice"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Write the deliveries in the outbox's own transaction; nothing is sent in it."""
        at_once = planning.plan(message.payload["notices"], now)
        if at_once:
            send_soon.enqueue(at_once)


class SendAddressCodes:
    """Sends the codes that verify e-mail addresses, and forgets them."""

    topics = frozenset({"notices.address_code"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Send one code; neither code nor address stays in the outbox."""
        payload = message.payload
        OutboxMessage.objects.filter(pk=message.pk).update(payload={})
        services.mail_code(
            user=payload["user"], code=payload["code"], reference=f"code-{message.pk}", now=now
        )


class SendDue:
    """Sends what waits: held at night, tried before, or lost by a worker."""

    every = timedelta(seconds=30)

    def run(self, now: datetime) -> str:
        """Send what is due."""
        sent = sending.send_due(now)
        return f"{sent} messages sent" if sent else ""


class SendDigests:
    """Sends digests on working days, from their time on."""

    every = timedelta(minutes=5)

    def run(self, now: datetime) -> str:
        """Send the digests that are due."""
        sent = digests.send_digests(now)
        return f"{sent} digests sent" if sent else ""


class ForgetDeliveries:
    """Forgets by which way old messages went, reports, and what erased people chose."""

    every = timedelta(days=1)

    def run(self, now: datetime) -> str:
        """Delete what is older than its time."""
        forgotten = services.prune(by=system("prune"), now=now)
        return f"{forgotten} deliveries forgotten" if forgotten else ""

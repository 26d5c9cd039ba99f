"""What workers do: deliver messages. The outbox is the truth; a lost task is found again by the ticker."""

from __future__ import annotations

from django_tasks import task

from zhitong.core import clock, outbox


@task()
def deliver(message: int) -> None:
    """Deliver one message of the outbox."""
    outbox.deliver(message, now=clock.now())


@task()
def drain() -> None:
    """Deliver everything that is due."""
    outbox.drain(now=clock.now())

"""Work on firms that happens behind the screen: imports, stale sizes, erasure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django_tasks import task

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.core.clock import local_date
from zhitong.enterprises import running, services
from zhitong.enterprises.models import ImportBatch
from zhitong.enterprises.words import ImportState

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.models import OutboxMessage

SIGNATURE = system("import")


@task()
def work_through(batch: int) -> None:
    """Bring in, or take back, an import that waits for it."""
    row = ImportBatch.objects.get(pk=batch)
    if row.state == ImportState.RUNNING:
        try:
            running.run(row, by=SIGNATURE, now=clock.now)
        except Exception as error:  # noqa: BLE001 - whatever it was would stop the next worker as well
            services.end_import(
                by=SIGNATURE, now=clock.now(), batch=row, error=f"{type(error).__name__}: {error}"
            )
    elif row.state == ImportState.UNDOING:
        running.take_back(row, by=SIGNATURE, now=clock.now)


class StartImports:
    """Hands imports that were started to a worker."""

    topics = frozenset({"enterprises.import"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Queue the work: it has transactions of its own, one a chunk."""
        del now
        work_through.enqueue(message.payload["batch"])


class ResumeImports:
    """Queues again what a worker left when it was stopped; a second worker on the same rows does no harm."""

    every = timedelta(minutes=5)

    def run(self, now: datetime) -> str:
        """Queue imports that stand still."""
        waiting = ImportBatch.objects.filter(
            state__in=[ImportState.RUNNING, ImportState.UNDOING], made_at__lt=now - self.every
        )
        ids = list(waiting.values_list("pk", flat=True))
        for pk in ids:
            work_through.enqueue(pk)
        return f"{len(ids)} resumed" if ids else ""


class ResizeStale:
    """Works out anew the sizes that rest on figures which have become too old."""

    every = timedelta(days=1)

    def run(self, now: datetime) -> str:
        """Look at the oldest."""
        changed = services.resize_stale(now=now)
        return f"{changed} sizes as of {local_date(now)}" if changed else ""


class Erase:
    """Erases personal data whose time is over."""

    every = timedelta(days=1)

    def run(self, now: datetime) -> str:
        """Erase what is due."""
        done = services.erase_due(by=system("erase"), now=now)
        return ", ".join(f"{count} {name} erased" for name, count in done.items() if count)

"""The schedules of the core: delivery, sealing, anchors, pruning."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.cases import services as case_services
from zhitong.core import audit, outbox, schedule, service
from zhitong.core.uploads import receive

if TYPE_CHECKING:
    from datetime import datetime


class DrainOutbox:
    """Delivers what no worker has delivered."""

    every = timedelta(seconds=10)

    def run(self, now: datetime) -> str:
        """Deliver what has been waiting for a while: workers had their chance first."""
        delivered = outbox.drain(now=now - timedelta(seconds=5))
        return f"{delivered} delivered" if delivered else ""


class SealAudit:
    """Seals audit events where writing them does not (PostgreSQL)."""

    every = timedelta(seconds=5)

    def run(self, now: datetime) -> str:
        """Seal what is committed and unsealed."""
        del now
        sealed = audit.seal_pending()
        return f"{sealed} sealed" if sealed else ""


class Anchor:
    """Writes the head of the audit chain to a file outside the database, once an hour."""

    every = timedelta(hours=1)

    def run(self, now: datetime) -> str:
        """Append place and digest to anchors.log in the home folder; copy that file to another machine."""
        seq, digest = audit.head()
        settings.HOME.mkdir(parents=True, exist_ok=True)
        with (settings.HOME / "anchors.log").open("a", encoding="utf-8") as file:
            file.write(f"{now.isoformat()} {seq} {digest}\n")
        return f"anchored at {seq}"


class Prune:
    """Forgets what nobody needs: old runs, delivered messages, used keys, files that no row names."""

    every = timedelta(days=1)

    def run(self, now: datetime) -> str:
        """Delete what is older than each kind's time."""
        forgotten = {
            "runs": schedule.prune(now=now),
            "messages": outbox.prune(now=now),
            "keys": service.prune_keys(now=now),
            "stray files": receive.sweep(now=now),
            "who was here": case_services.prune_presence(now=now),
        }
        return ", ".join(f"{count} {kind} forgotten" for kind, count in forgotten.items() if count)

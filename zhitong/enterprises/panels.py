"""What the register shows on the firm's first page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core import data
from zhitong.core.clock import local_date
from zhitong.enterprises import queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


class OwnFirmsPanel:
    """The way to the firm's own page, and the notice on personal data until it was agreed to."""

    template = "enterprises/_portal_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any]:
        """The firms and whether to ask; `subject` is not used."""
        del subject
        version = data.version_on("notices", "privacy", local_date(now))
        return {
            "firms": list(queries.own_firms(actor)),
            "ask": queries.agreed(actor, version) is None,
        }

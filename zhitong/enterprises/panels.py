"""What the register shows on the firm's first page, and where somebody looks for anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core import data, permissions
from zhitong.core.clock import local_date
from zhitong.enterprises import queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.core.slots import Sought

FOUND = 4


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


class FoundPanel:
    """The firms of the register whose name, former name or code fits some words."""

    template = "enterprises/_found_panel.html"

    def context(self, actor: Actor, subject: Sought, now: datetime) -> dict[str, Any] | None:
        """A few firms and whether there are more; nothing for whom the register is closed."""
        if not subject.words or not permissions.may(actor, "enterprises.see_register"):
            return None
        found = queries.narrow(queries.visible(actor), {"q": subject.words}, local_date(now))
        firms, more = queries.page(found.rows, before=None, limit=FOUND)
        return {"firms": firms, "words": subject.words, "more": more} if firms else None

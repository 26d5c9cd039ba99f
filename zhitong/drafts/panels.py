"""What the desk shows of drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core import permissions
from zhitong.drafts import queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


class DeskPanel:
    """How many drafts wait to be entered, and the ways to take down more."""

    template = "drafts/_desk_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The number, counted to a hundred; nothing for those who take nothing down."""
        del subject, now
        if not permissions.may(actor, "drafts.see"):
            return None
        return {"waiting": queries.open_number(actor)}

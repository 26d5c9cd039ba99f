"""What the desk shows of drafts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.drafts import queries
from zhitong.drafts.states import Heard

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


class HeardPanel:
    """What a machine heard in the recordings of a case, for the office."""

    template = "drafts/_heard_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The texts; nothing for firms, and nothing of what was never heard."""
        del now
        if actor.side is not Side.STAFF or subject.confidential:
            return None
        heard = [row for row in queries.transcripts_of_case(subject.pk) if row.state == Heard.DONE]
        return {"heard": heard} if heard else None

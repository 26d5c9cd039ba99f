"""What other pages show of replies: on the case page, on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.core import permissions
from zhitong.core.actor import Side
from zhitong.replies import pages, queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

SHOWN = 20


class CasePanel:
    """What lies with units without accounts in this case, and what they replied."""

    template = "replies/_case_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """Matters with their buttons and all replies; nothing for firms and where there is neither."""
        if actor.side is not Side.STAFF or not queries.is_concerned(subject):
            return None
        rows = pages.rows(actor, queries.matters(actor, case=subject.pk), now)
        found = pages.shown(actor, queries.replies(actor).filter(case=subject))
        return {"rows": rows, "replies": found} if rows or found else None


class DeskPanel:
    """Replies that wait to be taken in by the reader."""

    template = "replies/_desk_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The oldest first; nothing where none waits."""
        del subject, now
        if not permissions.may(actor, "replies.see"):
            return None
        mine = [row for row in queries.waiting(actor)[:SHOWN] if permissions.may(actor, "replies.take", row)]
        return {"replies": mine} if mine else None

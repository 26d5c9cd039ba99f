"""What common problems show on the page of a case and on the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhitong.commons import queries
from zhitong.commons.models import CommonMember
from zhitong.commons.states import Standing, State
from zhitong.core.actor import Role, Side
from zhitong.core.hanging import hangs

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

SHOWN = 5


class CasePanel:
    """The common problem that a case belongs to, or may belong to."""

    template = "commons/_case_panel.html"

    def context(self, actor: Actor, subject: Case, now: datetime) -> dict[str, Any] | None:
        """Those in sight, for the office only; firms never learn of each other."""
        del now
        if actor.side is not Side.STAFF or not hangs(CommonMember, subject):
            return None
        found = queries.of_case(actor, subject)
        rows = [
            {
                "problem": row.problem,
                "sure": row.standing == Standing.IN,
                "leads": row.problem.leading_id == subject.pk and row.problem.state != State.PROPOSED,
                "follows": subject.merged_into_id == row.problem.leading_id,
            }
            for row in found
        ]
        return {"rows": rows} if rows else None


class DeskPanel:
    """The proposals and newcomers that wait for the reader's unit."""

    template = "commons/_desk_panel.html"

    def context(self, actor: Actor, subject: Any, now: datetime) -> dict[str, Any] | None:
        """The hottest ones; nothing where none waits."""
        del subject, now
        own = actor.departments(Role.DISPATCHER)
        if not own:
            return None
        found = list(queries.waiting(actor, own)[: SHOWN + 1])
        return {"rows": found[:SHOWN], "more": len(found) > SHOWN} if found else None

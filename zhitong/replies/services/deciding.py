"""What becomes of a reply: taken in as the unit's answer, or refused with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.cases import services as case_services
from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError, RefusedError
from zhitong.core.service import Work, service
from zhitong.replies.models import Reply
from zhitong.replies.queries import matter_of
from zhitong.replies.states import ReplyState

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("replies.take_reply")
def take_reply(work: Work, *, by: Actor, now: datetime, reply: Reply) -> Reply:
    """Take a waiting reply in: it becomes the unit's answer to the firm, or its part is done.

    The answer of a lead that somebody typed in is taken in by somebody else.
    """
    permissions.require(by, "replies.take", reply)
    if reply.assist_id is None and reply.entered_by_id is not None and reply.entered_by_id in by.persons:
        raise RefusedError(
            gettext_noop("You entered this reply yourself. Somebody else compares it with the paper first.")
        )
    done = _decide(work, reply, state=ReplyState.TAKEN)
    matter = matter_of(reply)
    if matter.assist is None:
        if matter.case.lead_id != reply.department_id:
            raise FasterError
        given = {"text": reply.text, "outcome": reply.outcome}
        case_services.answer_for(by=by, now=now, case=matter.case, **given)
    else:
        case_services.answer_assist_for(by=by, now=now, assist=matter.assist, text=reply.text)
    return done


@service("replies.refuse_reply")
def refuse_reply(work: Work, *, by: Actor, now: datetime, reply: Reply, reason: str) -> Reply:
    """Do not take a waiting reply in; a new link may be made."""
    del now
    permissions.require(by, "replies.take", reply)
    if not reason.strip():
        raise FieldError("reason", gettext_noop("Please fill in this field."))
    return _decide(work, reply, state=ReplyState.REFUSED, words=reason.strip())


def _decide(work: Work, reply: Reply, *, state: str, words: str = "") -> Reply:
    waiting = Reply.objects.filter(pk=reply.pk, state=ReplyState.WAITING)
    if not waiting.update(state=state, decided_by_id=work.by.user, decided_at=work.now, words=words):
        raise FasterError
    reply.refresh_from_db(fields=["state", "decided_by", "decided_at", "words"])
    work.record(
        reply,
        tenant=reply.case.enterprise_id,
        unit=reply.department_id,
        source=reply.source,
        name=reply.entered_name,
        reason=words,
    )
    return reply

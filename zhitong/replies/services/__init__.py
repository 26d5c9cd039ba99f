"""Everything that changes links and replies; one function a verb."""

from __future__ import annotations

from zhitong.replies.services.deciding import refuse_reply, take_reply
from zhitong.replies.services.entering import enter_reply, reply_by_link
from zhitong.replies.services.knocks import count_wrong, too_many
from zhitong.replies.services.links import MadeLink, make_link, note_opening, revoke_link

__all__ = [
    "MadeLink",
    "count_wrong",
    "enter_reply",
    "make_link",
    "note_opening",
    "refuse_reply",
    "reply_by_link",
    "revoke_link",
    "take_reply",
    "too_many",
]

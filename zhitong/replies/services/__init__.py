"""Everything that changes links and replies; one function a verb."""

from __future__ import annotations

from zhitong.replies.services.deciding import refuse_reply, take_reply
from zhitong.replies.services.entering import enter_reply, reply_by_link
from zhitong.replies.services.knocks import count_wrong, too_many
from zhitong.replies.services.links import MadeLink, make_link, note_opening, revoke_link
from zhitong.replies.services.sheets import (
    Judged,
    ReceivedSheet,
    SheetRow,
    answerable,
    enter_row,
    enter_sheet,
    give_sheet,
    judge,
    receive_sheet,
)

__all__ = [
    "Judged",
    "MadeLink",
    "ReceivedSheet",
    "SheetRow",
    "answerable",
    "count_wrong",
    "enter_reply",
    "enter_row",
    "enter_sheet",
    "give_sheet",
    "judge",
    "make_link",
    "note_opening",
    "receive_sheet",
    "refuse_reply",
    "reply_by_link",
    "revoke_link",
    "take_reply",
    "too_many",
]

"""Everything that changes firms, what hangs on them, how the office deals with them; one function a verb."""

from __future__ import annotations

from zhitong.enterprises.records import FirmRecord
from zhitong.enterprises.services.bulk import receive, store
from zhitong.enterprises.services.contacts import (
    Coming,
    cancel_contact,
    finish_contact,
    plan_contact,
    record_contact,
)
from zhitong.enterprises.services.exports import note_export
from zhitong.enterprises.services.facts import check_fact, confirm_fact, state_fact
from zhitong.enterprises.services.firms import Particulars, change, checked_particulars, register, rest
from zhitong.enterprises.services.groups import end_relation, merge, relate, split, tell_apart
from zhitong.enterprises.services.holdings import (
    add_patent,
    add_standard,
    grant_title,
    mark_credit,
    withdraw_title,
)
from zhitong.enterprises.services.lists import (
    ReceivedList,
    end_import,
    import_chunk,
    receive_list,
    start_import,
    undo_chunk,
    undo_import,
)
from zhitong.enterprises.services.people import (
    Invited,
    invite,
    join,
    replace_administrator,
    seat,
    seat_new,
    unseat,
    withdraw_invitation,
)
from zhitong.enterprises.services.privacy import (
    Unmasked,
    add_contact_person,
    consent,
    end_contact_person,
    erase_due,
    handles_a_case,
    unmask,
)
from zhitong.enterprises.services.sponsors import end_sponsorship, hand_over, pass_on, sponsor
from zhitong.enterprises.services.tokens import Issued, count_request, issue_token, token_seen, withdraw_token
from zhitong.enterprises.services.traces import reindex, resize_stale
from zhitong.enterprises.services.twins import find_twins

__all__ = [
    "Coming",
    "FirmRecord",
    "Invited",
    "Issued",
    "Particulars",
    "ReceivedList",
    "Unmasked",
    "add_contact_person",
    "add_patent",
    "add_standard",
    "cancel_contact",
    "change",
    "check_fact",
    "checked_particulars",
    "confirm_fact",
    "consent",
    "count_request",
    "end_contact_person",
    "end_import",
    "end_relation",
    "end_sponsorship",
    "erase_due",
    "find_twins",
    "finish_contact",
    "grant_title",
    "hand_over",
    "handles_a_case",
    "import_chunk",
    "invite",
    "issue_token",
    "join",
    "mark_credit",
    "merge",
    "note_export",
    "pass_on",
    "plan_contact",
    "receive",
    "receive_list",
    "record_contact",
    "register",
    "reindex",
    "relate",
    "replace_administrator",
    "resize_stale",
    "rest",
    "seat",
    "seat_new",
    "split",
    "sponsor",
    "start_import",
    "state_fact",
    "store",
    "tell_apart",
    "token_seen",
    "undo_chunk",
    "undo_import",
    "unmask",
    "unseat",
    "withdraw_invitation",
    "withdraw_title",
    "withdraw_token",
]

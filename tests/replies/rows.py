"""Sound rows of the tables of replies, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.orgs.models import User
from zhitong.replies.models import Knock, Reply, ReplyLink, ReplySheet

Make = Callable[[Office], dict[str, Any]]
HOUR = timedelta(hours=1)


def _link(token: str) -> ReplyLink:
    """A link to a case that was used."""
    case = Case.objects.filter(lead__isnull=False).first()
    return ReplyLink.objects.create(
        case=case, department=case.lead, token_hash=token, made_by=User.objects.first(), at=NOW,
        expires_at=NOW + HOUR, used_at=NOW,
    )  # fmt: skip


def _sheet(department: Any) -> ReplySheet:
    """A sheet that waits to be entered."""
    return ReplySheet.objects.create(
        department=department,
        file_name="a.xlsx",
        sha256="a",
        rows=[],
        at=NOW,
        entered_by=User.objects.first(),
    )


def _row(office: Office) -> dict[str, Any]:
    """What a reply is that came in a row which was entered already."""
    row = {
        "source": "sheet", "link": None, "sheet": _sheet(office.units["works"]), "line": 3,
        "entered_by": office.users["head"],
    }  # fmt: skip
    Reply.objects.create(
        case=office.case("a"), department=office.units["works"], text="done", outcome="solved",
        entered_name="x", at=NOW, **row,
    )  # fmt: skip
    return row


def rows(running: Case) -> list[models.Model]:
    """A link that works, a reply to another that waits, a wrong try."""
    live = ReplyLink.objects.create(
        case=running, department=running.lead, token_hash="a", made_by=User.objects.first(), at=NOW,
        expires_at=NOW + HOUR,
    )  # fmt: skip
    reply = Reply.objects.create(
        case=running, department=running.lead, source="link", link=_link("d"), text="done", outcome="solved",
        entered_name="x", at=NOW,
    )  # fmt: skip
    return [live, reply, _sheet(running.lead), Knock.objects.create(key="a", since=NOW)]


SOUND: dict[str, Make] = {
    "replies.knock": lambda _: {"key": "another"},
    "replies.replysheet": lambda _: {},
    "replies.reply": lambda office: {"case": office.case("b"), "link": _link("c")},
    "replies.replylink": lambda office: {"case": office.case("b"), "token_hash": "b"},
}
BROKEN: dict[str, list[Make]] = {
    "replies.knock.key": [],
    "replies.replysheet.a_sheet_is_entered_after_it_came": [lambda _: {"taken_at": NOW - HOUR}],
    "replies.replysheet.a_sheet_keeps_its_hash": [lambda _: {"sha256": ""}],
    "replies.reply.a_row_is_entered_once": [lambda office: {**_row(office)}],
    "replies.replylink.token_hash": [],
    "replies.replylink.one_live_link_a_unit_and_case": [],
    "replies.replylink.a_link_ends_after_it_was_made": [lambda _: {"expires_at": NOW}],
    "replies.replylink.a_link_is_used_or_revoked": [lambda _: {"used_at": NOW, "revoked_at": NOW}],
    "replies.reply.link": [],
    "replies.reply.one_waiting_reply_a_unit_and_case": [],
    "replies.reply.a_reply_says_who_and_what": [lambda _: {"text": ""}, lambda _: {"entered_name": ""}],
    "replies.reply.the_leads_reply_has_an_outcome": [
        lambda _: {"outcome": ""},
        lambda _: {"outcome": "lost"},
    ],
    "replies.reply.a_reply_came_by_link_or_was_entered": [
        lambda _: {"link": None},
        lambda _: {"source": "paper"},
        lambda _: {"source": "sheet"},
        lambda _: {"line": 3},
        lambda office: {"entered_by": office.users["head"]},
    ],
    "replies.reply.a_reply_waits_until_it_is_decided": [
        lambda _: {"state": "taken"},
        lambda _: {"decided_at": NOW},
    ],
    "replies.reply.a_refused_reply_is_told_why": [lambda _: {"state": "refused", "decided_at": NOW}],
}

"""Sound rows of the tables of messages that leave the system, and what breaks their constraints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.notices.models import Choice, Delivery, Preference, Report, Token
from zhitong.orgs.models import Notice

Make = Callable[[Office], dict[str, Any]]


def rows(office: Office) -> list[models.Model]:
    """What one person chose, a message that waits, a report and a token."""
    user = office.users["chief"]
    notice = Notice.objects.create(user=user, msgid="New", source="notices", created_at=NOW)
    return [
        Preference.objects.create(user=user),
        Choice.objects.create(user=user, group="work", channel="sms", on=True),
        Delivery.objects.create(notice=notice, channel="sms", group="work", since=NOW, due_at=NOW),
        Report.objects.create(digest="0", at=NOW),
        Token.objects.create(name="weixin", sealed="0", until=NOW),
    ]


SOUND: dict[str, Make] = {
    "notices.preference": lambda office: {"user": office.users["worker"]},
    "notices.choice": lambda _: {"channel": "email"},
    "notices.delivery": lambda _: {"channel": "email"},
    "notices.report": lambda _: {"digest": "1"},
    "notices.token": lambda _: {"name": "another"},
}
BROKEN: dict[str, list[Make]] = {
    "notices.preference.user": [],
    "notices.preference.quiet_hours_begin_and_end": [
        lambda _: {"quiet_from": NOW.time()},
        lambda _: {"quiet_to": NOW.time()},
    ],
    "notices.preference.an_address_waits_for_its_code": [
        lambda _: {"pending": "x"},
        lambda _: {"pending": "x", "pending_code": "y"},
        lambda _: {"pending_until": NOW},
    ],
    "notices.choice.a_way_is_chosen_once": [],
    "notices.choice.a_chosen_way_is_known": [lambda _: {"channel": "pigeon"}],
    "notices.delivery.a_notice_goes_each_way_once": [],
    "notices.delivery.a_way_of_a_message_is_known": [lambda _: {"channel": "pigeon"}],
    "notices.delivery.a_message_is_due_until_it_ends": [
        lambda _: {"due_at": None},
        lambda _: {"state": "sent", "sent_at": NOW},
        lambda _: {"state": "failed", "reason": "rejected"},
    ],
    "notices.delivery.a_sent_message_has_its_time": [
        lambda _: {"state": "sent", "due_at": None},
        lambda _: {"state": "delivered", "due_at": None},
    ],
    "notices.delivery.a_message_says_why_it_is_not_gone": [
        lambda _: {"reason": "off"},
        lambda _: {"state": "held"},
        lambda _: {"state": "dropped", "due_at": None},
        lambda _: {"state": "failed", "due_at": None, "reason": "off"},
        lambda _: {"state": "sent", "due_at": None, "sent_at": NOW, "reason": "off"},
    ],
    "notices.report.digest": [],
    "notices.token.name": [],
}

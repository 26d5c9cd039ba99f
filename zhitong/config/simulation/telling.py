"""How the demo's people are told: some by e-mail, one firm by WeChat, the others by text message."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount

from zhitong.core import outbox
from zhitong.core.models import OutboxMessage
from zhitong.enterprises import queries as enterprise_queries
from zhitong.notices import services
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import User

if TYPE_CHECKING:
    from datetime import datetime

BY_MAIL = ("dispatcher", "handler", "head", "firm-2", "firm-29")  # the demo's sign-in names
BY_WEIXIN = ("firm-1",)
LOGS = ("zhitong.sms", "zhitong.notices")


def fill(now: datetime) -> None:
    """Give people an address that they have confirmed, and an account that they follow."""
    for user in User.objects.filter(username__in=BY_MAIL).order_by("pk"):
        staff = user.needs_second_factor
        actor = (org_queries.staff_actor if staff else enterprise_queries.firm_actor)(user, now)
        services.ask_address(by=actor, now=now, address=f"{user.username}@demo.example")
        asked = OutboxMessage.objects.filter(topic="notices.address_code").latest("pk")
        services.count_try(by=actor)
        services.confirm_address(by=actor, now=now, code=asked.payload["code"])
        outbox.drain(now=now)  # the code is of no use any more and is forgotten
    for user in User.objects.filter(username__in=BY_WEIXIN):
        SocialAccount.objects.create(user=user, provider="weixin", uid=f"demo-{user.username}")


@contextmanager
def silence() -> Iterator[None]:
    """Keep the messages of a whole simulated past out of the log."""
    loggers = [logging.getLogger(name) for name in LOGS]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger in loggers:
            logger.setLevel(logging.NOTSET)

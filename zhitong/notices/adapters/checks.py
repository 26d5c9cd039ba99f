"""What is missing for messages to leave the system: warnings, no reasons against serving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.notices.states import Channel, table_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

CONSOLE = ".Console"
LONG_SECRET = 32


def warnings(today: date) -> list[str]:
    """Name every way that the table asks for and that no gateway serves, and what a gateway lacks."""
    table = table_on(today)
    asked = {channel for group in table.groups for channel in group.on}
    found = [
        f"The table of messages asks for {channel}, but {name} only writes to the log. "
        "See docs/operations.md, Connecting gateways."
        for channel, name, adapter in _adapters()
        if channel in asked and CONSOLE in adapter
    ]
    return [*found, *_lacking()]


def _adapters() -> tuple[tuple[str, str, str], ...]:
    return (
        (Channel.SMS.value, "ZHITONG_SMS_ADAPTER", settings.SMS_ADAPTER),
        (Channel.WEIXIN.value, "ZHITONG_WEIXIN_ADAPTER", settings.WEIXIN_ADAPTER),
        (Channel.EMAIL.value, "ZHITONG_MAIL_ADAPTER", settings.MAIL_ADAPTER),
    )


def _lacking() -> Iterator[str]:
    served = [name for name, _, adapter in _adapters() if CONSOLE not in adapter]
    if served and not settings.SITE_URL:
        yield "ZHITONG_SITE_URL is empty: messages will not say where to read more."
    if Channel.SMS in served and "HttpSms" in settings.SMS_ADAPTER:
        for name, value in (
            ("ZHITONG_SMS_URL", settings.SMS_URL),
            ("ZHITONG_SMS_SECRET", settings.SMS_SECRET),
        ):
            if not value:
                yield f"{name} is empty: the gateway for text messages cannot be asked."
    if Channel.WEIXIN in served and not (settings.WEIXIN_ACCOUNT and settings.WEIXIN_TEMPLATE):
        yield "ZHITONG_WEIXIN_ACCOUNT or ZHITONG_WEIXIN_TEMPLATE is empty: WeChat takes no message."
    if settings.REPORT_SECRET and len(settings.REPORT_SECRET) < LONG_SECRET:
        yield f"ZHITONG_REPORT_SECRET is shorter than {LONG_SECRET} characters: no report is taken in."

"""Sending sign-in codes after commit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from zhitong.core.messaging import sms
from zhitong.core.models import OutboxMessage

if TYPE_CHECKING:
    from datetime import datetime


class SendCodes:
    """Hands sign-in codes to the text-message gateway and forgets them."""

    topics = frozenset({"signin.code"})

    def __call__(self, message: OutboxMessage, now: datetime) -> None:
        """Send one code; a code that has run out meanwhile is dropped."""
        payload = message.payload
        # Neither the number nor the code stays behind once it is sent or useless.
        OutboxMessage.objects.filter(pk=message.pk).update(payload={})
        if now - message.created_at < timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT):
            sms().send(phone=payload["phone"], text=payload["text"], reference=f"code-{message.pk}")

"""Ways out of the system behind protocols; the settings name which class is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from datetime import datetime


class MailAdapter(Protocol):
    """Sends one e-mail to one address."""

    def send(self, *, to: str, subject: str, body: str, reference: str = "") -> None:
        """Send; raise a GatewayError if it was not taken."""


class WeixinAdapter(Protocol):
    """Sends one message to one follower of the official account."""

    def send(self, *, openid: str, number: str, text: str, at: datetime, reference: str = "") -> None:
        """Send; raise a GatewayError if it was not taken. Equal references are one message."""


def mail_adapter() -> MailAdapter:
    """Return the adapter for e-mail named in the settings."""
    adapter: MailAdapter = import_string(settings.MAIL_ADAPTER)()
    return adapter


def weixin_adapter() -> WeixinAdapter:
    """Return the adapter for WeChat named in the settings."""
    adapter: WeixinAdapter = import_string(settings.WEIXIN_ADAPTER)()
    return adapter

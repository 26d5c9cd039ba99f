"""Messages to people outside: adapters that a city replaces by its own gateways, and what can go wrong."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from zhitong.core.phones import mask

log = logging.getLogger("zhitong.sms")


class GatewayError(Exception):
    """A gateway did not take a message; `code` is its own short word for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code[:60]


class RejectedError(GatewayError):
    """The gateway will never take this message: another try is useless."""


class UnboundError(RejectedError):
    """The person cannot be reached this way any more, for this and for every other message."""


class UnreachableError(GatewayError):
    """The gateway did not answer, or not in a way that can be understood; another try may help."""


class ThrottledError(GatewayError):
    """The gateway asks to come again later; `seconds` says when, if it said so."""

    def __init__(self, code: str, seconds: int | None = None) -> None:
        super().__init__(code)
        self.seconds = seconds


class SmsAdapter(Protocol):
    """Sends one text to one number."""

    def send(self, *, phone: str, text: str, reference: str = "") -> None:
        """Send; raise if the gateway refused. Equal references are one message, however often it is sent."""


class ConsoleSms:
    """Prints the text instead of sending it: for the demo and for development."""

    def send(self, *, phone: str, text: str, reference: str = "") -> None:
        """Write the text to the log; the number in full only with sign-in codes, which somebody waits for."""
        log.info("SMS %s: %s", mask(phone) if reference.startswith("notice") else phone, text)


def sms() -> SmsAdapter:
    """Return the adapter named in the settings."""
    adapter: SmsAdapter = import_string(settings.SMS_ADAPTER)()
    return adapter

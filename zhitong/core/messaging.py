"""Text messages to people outside: an adapter that a city replaces by its own gateway."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

log = logging.getLogger("zhitong.sms")


class SmsAdapter(Protocol):
    """Sends one text to one number."""

    def send(self, *, phone: str, text: str) -> None:
        """Send; raise if the gateway refused."""


class ConsoleSms:
    """Prints the text instead of sending it: for the demo and for development."""

    def send(self, *, phone: str, text: str) -> None:
        """Write number and text to the log."""
        log.info("SMS %s: %s", phone, text)


def sms() -> SmsAdapter:
    """Return the adapter named in the settings."""
    adapter: SmsAdapter = import_string(settings.SMS_ADAPTER)()
    return adapter

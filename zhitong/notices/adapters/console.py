"""Adapters that send nothing: for the demo and for development. Nobody's number or words reach the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

log = logging.getLogger("zhitong.notices")


class ConsoleMail:
    """Says in the log that an e-mail would have been sent."""

    def send(self, *, to: str, subject: str, body: str, reference: str = "") -> None:
        """Write the subject to the log; a code for an address is shown on the demo's page instead."""
        del to, body
        log.info("E-mail %s: %s", reference, subject)


class ConsoleWeixin:
    """Says in the log that a WeChat message would have been sent."""

    def send(self, *, openid: str, number: str, text: str, at: datetime, reference: str = "") -> None:
        """Write number and words to the log."""
        del openid, at
        log.info("WeChat %s: %s %s", reference, number, text)

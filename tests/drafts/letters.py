"""Letters of a firm, and a mailbox that the settings of the test name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.support import imap
from tests.support.office import Office
from zhitong.core import clock

WORDS = "我们是示例一号厂，厂门口道路破损，货车进不来。"


@contextmanager
def named(settings: Any) -> Iterator[imap.Box]:
    """A mailbox, which the settings name."""
    settings.IMAP_HOST, settings.IMAP_SECURITY = "127.0.0.1", ""
    settings.IMAP_USER, settings.IMAP_PASSWORD = imap.USER, imap.PASSWORD
    settings.IMAP_FOLDER, settings.IMAP_UNIT = "INBOX", "district"
    with imap.box() as found:
        settings.IMAP_PORT = found.port
        yield found


@pytest.fixture
def box(office: Office, settings: Any) -> Iterator[imap.Box]:
    """A mailbox of the district's office."""
    with named(settings) as found:
        yield found


def letter(
    text: str = WORDS,
    *,
    subject: str = "道路破损",
    number: str = "1",
    sender: str = "lin@firm.example",
    **heads: str,
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"林经理 <{sender}>"
    message["Subject"], message["Message-ID"] = subject, f"<{number}@firm.example>"
    message["Date"] = clock.now() - timedelta(hours=2)
    for name, value in heads.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message

"""`zhitong mail-intake`: fetch the mails that wait, as the ticker has the worker do each minute."""

from __future__ import annotations

import argparse
import sys

from django.conf import settings

from zhitong.core.messaging import GatewayError
from zhitong.drafts import fetching


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no options: what is fetched from where stands in the settings."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Print what became of the mails; exit 1 where some are left, 2 where it cannot be opened."""
    del options
    if not settings.IMAP_HOST:
        sys.stderr.write(
            "No mailbox is named. Set ZHITONG_IMAP_HOST; see docs/operations.md, Taking e-mail in.\n"
        )
        return 2
    try:
        done = fetching.fetch()
    except GatewayError as error:
        sys.stderr.write(f"The mailbox cannot be read: {error.code}.\n")
        return 2
    sys.stdout.write(
        f"{done.drafts} drafts, {done.aside} put aside, {done.failed} failed, {done.left} left.\n"
    )
    return 1 if done.left or done.failed else 0

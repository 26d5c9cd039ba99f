"""`zhitong worker`: deliver what services left in the outbox."""

from __future__ import annotations

import argparse

from django.core.management import call_command


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--interval", type=float, default=0.5, help="seconds between looks at an empty queue")
    parser.add_argument("--batch", action="store_true", help="stop when the queue is empty")


def run(options: argparse.Namespace) -> int:
    """Work until told to stop."""
    call_command(
        "db_worker", interval=options.interval, batch=options.batch, startup_delay=False, verbosity=0
    )
    return 0

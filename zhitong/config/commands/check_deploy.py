"""`zhitong check-deploy`: may this installation serve?"""

from __future__ import annotations

import argparse
import sys

from zhitong.core import clock
from zhitong.core.checks import reasons_not_to_start
from zhitong.core.clock import local_date


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Print every reason against serving, or that there is none; warnings do not stand against it."""
    del options
    if report():
        return 1
    from zhitong.notices.adapters import checks  # noqa: PLC0415 - Django is up only now

    for warning in checks.warnings(local_date(clock.now())):
        sys.stderr.write(f"Warning: {warning}\n")
    sys.stdout.write("Ready to serve.\n")
    return 0


def report() -> int:
    """Write the reasons not to start to standard error; return how many there are."""
    reasons = reasons_not_to_start()
    for reason in reasons:
        sys.stderr.write(f"{reason}\n")
    return len(reasons)

"""`zhitong reindex`: write the search index of firms anew."""

from __future__ import annotations

import argparse
import sys

from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.enterprises import services


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Index every firm."""
    del options
    sys.stdout.write(f"{services.reindex(by=system('reindex'), now=clock.now())} firms indexed.\n")
    return 0

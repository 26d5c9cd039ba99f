"""`zhitong reindex`: write the search indexes of firms and cases anew."""

from __future__ import annotations

import argparse
import sys

from zhitong.cases import services as case_services
from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.enterprises import services


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Index every firm and every case."""
    del options
    by = system("reindex")
    sys.stdout.write(f"{services.reindex(by=by, now=clock.now())} firms indexed.\n")
    sys.stdout.write(f"{case_services.reindex(by=by, now=clock.now())} cases indexed.\n")
    return 0

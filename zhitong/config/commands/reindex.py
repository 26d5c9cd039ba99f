"""`zhitong reindex`: write the search indexes of firms, cases and precedents anew."""

from __future__ import annotations

import argparse
import sys

from zhitong.cases import services as case_services
from zhitong.core import clock
from zhitong.core.actor import system
from zhitong.enterprises import services
from zhitong.insight import services as insight_services


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""
    del parser


def run(options: argparse.Namespace) -> int:
    """Index every firm, case and precedent."""
    del options
    by = system("reindex")
    sys.stdout.write(f"{services.reindex(by=by, now=clock.now())} firms indexed.\n")
    sys.stdout.write(f"{case_services.reindex(by=by, now=clock.now())} cases indexed.\n")
    sys.stdout.write(f"{insight_services.reindex(by=by, now=clock.now())} precedents indexed.\n")
    return 0

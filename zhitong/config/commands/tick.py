"""`zhitong tick`: run what is due."""

from __future__ import annotations

import argparse
import logging
import signal
import threading

from django.db import OperationalError, close_old_connections

from zhitong.core import clock, schedule

log = logging.getLogger("zhitong.tick")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--once", action="store_true", help="run what is due now and stop")
    parser.add_argument("--interval", type=float, default=2.0, help="seconds between two looks")


def run(options: argparse.Namespace) -> int:
    """Tick once, or until told to stop; a database that is away for a moment does not end the ticker."""
    if options.once:
        _tick()
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(options.interval):
        try:
            _tick()
        except OperationalError as error:
            log.warning("The database did not answer: %s", error)
        close_old_connections()
    return 0


def _tick() -> None:
    for note in schedule.tick(now=clock.now()):
        log.info("%s", note)

"""What a server process reads beforehand, so that nobody waits for it at their first question."""

from __future__ import annotations

import gc
import logging
import threading

from django.db import DatabaseError, connection

from zhitong.cases import alike
from zhitong.core import clock

logger = logging.getLogger(__name__)
# A page makes and drops thousands of objects. Looked through at every 700 new ones (Python's default) they
# cost it a fifteenth of its time, and what a request leaves goes without the collector, but for rare circles.
BETWEEN = (50_000, 20, 20)


def settle() -> None:
    """Let the collector of circles leave alone what stays for ever, and look through the rest more rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*BETWEEN)


def begin() -> threading.Thread:
    """Read the words of a year's cases in the background; a question that comes first waits for the rest."""
    thread = threading.Thread(target=warm, name="warming", daemon=True)
    thread.start()
    return thread


def warm() -> None:
    """Read them now. Where it fails, the first question reads them and says what is wrong."""
    try:
        alike.remembered.catch_up(clock.now())
    except DatabaseError:
        logger.warning("The words of cases could not be read beforehand.", exc_info=True)
    finally:
        connection.close()

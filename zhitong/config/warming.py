"""What a server process reads beforehand, so that nobody waits for it at their first question."""

from __future__ import annotations

import logging
import threading

from django.db import DatabaseError, connection

from zhitong.cases import alike
from zhitong.core import clock

logger = logging.getLogger(__name__)


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

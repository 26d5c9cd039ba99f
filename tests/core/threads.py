"""Doing the same thing at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection


def at_once(number: int, work: Callable[[int], Any]) -> list[Any]:
    """Run `work(place)` in threads that begin together; return each one's result or exception."""
    start = threading.Barrier(number)
    found: list[Any] = [None] * number

    def run(place: int) -> None:
        try:
            start.wait(timeout=30)
            found[place] = work(place)
        except Exception as error:  # noqa: BLE001 - handed to the test
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found

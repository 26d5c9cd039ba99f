"""Two workers at once, on a database where commits are real."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests.notices import scenes
from tests.notices.conftest import gateway, mailbox
from tests.support import office as offices
from tests.support.office import NOW
from zhitong.notices.models import Delivery
from zhitong.notices.tasks import SendDigests, SendDue

__all__ = ["gateway", "mailbox"]
WORKERS = 3


def together(work) -> None:
    """Let several workers begin at the same moment."""
    barrier = threading.Barrier(WORKERS, timeout=30)

    def one(_: int) -> None:
        try:
            barrier.wait()
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(one, range(WORKERS)))


def test_several_workers_send_each_message_once(committed_db, gateway, mailbox) -> None:
    office = offices.build()
    scenes.phone(office, "firm_a")
    scenes.mail(office, "handler")
    for _ in range(6):
        scenes.told(office, "cases.accept")
        scenes.told(office, "cases.dispatch", name="handler")
    together(lambda: SendDue().run(NOW))
    together(lambda: SendDigests().run(scenes.at("2026-06-08 08:30")))
    assert len(gateway.seen) == 6
    assert set(gateway.seen.values()) == {1}
    assert len(mailbox.mails) == 1
    mine = Delivery.objects.filter(notice__source__startswith="test:")
    assert set(mine.values_list("state", "attempts")) == {("sent", 1)}

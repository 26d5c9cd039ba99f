"""Several workers on one thing to be told."""

from __future__ import annotations

from typing import Any

from tests.core.threads import at_once
from tests.support import office as offices
from tests.support.office import NOW
from tests.support.programs import issue
from tests.webhooks.conftest import Listener
from zhitong.core import outbox
from zhitong.core.models import OutboxMessage
from zhitong.webhooks import services, tasks
from zhitong.webhooks.models import Delivery


def test_two_workers_make_one_row_and_one_of_them_sends(
    committed_db: Any, quick_passwords: None, listener: Listener
) -> None:
    office = offices.build()
    given = {"token": issue(office).row, "address": listener.address, "names": ["case.submitted"]}
    services.subscribe(by=office.actor("sysadmin"), now=NOW, **given)
    office.case()
    message = OutboxMessage.objects.get(topic="cases.submit")
    assert sorted(at_once(4, lambda _: outbox.deliver(message.pk, now=NOW))) == [False] * 3 + [True]
    assert Delivery.objects.count() == 1
    pk = Delivery.objects.get().pk
    found = at_once(4, lambda _: tasks.attempt(pk, now=NOW))
    assert sorted(found) == ["", "", "", "delivered"]
    assert len(listener.heard) == 1

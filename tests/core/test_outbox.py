from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.core.threads import at_once
from tests.support.office import NOW
from zhitong.core import outbox, slots
from zhitong.core.models import NumberSeries, OutboxMessage
from zhitong.core.slots import Slot

SECOND = timedelta(seconds=1)


class Counter:
    """A consumer that leaves a row for every delivery, and fails as often as it is told."""

    topics = frozenset({"test.made"})

    def __init__(self) -> None:
        self.failures = 0
        self.pause = 0.0

    def __call__(self, message: OutboxMessage, now: datetime) -> None:  # noqa: ARG002 - a consumer's signature
        time.sleep(self.pause)
        row, _ = NumberSeries.objects.get_or_create(name=f"told {message.pk}", year=2026)
        NumberSeries.objects.filter(pk=row.pk).update(last=row.last + 1)
        if self.failures:
            self.failures -= 1
            raise RuntimeError("the gateway does not answer")

    def told(self, message: OutboxMessage) -> int:
        row = NumberSeries.objects.filter(name=f"told {message.pk}").first()
        return row.last if row else 0


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    counter = Counter()
    slot: Slot[Any] = Slot("consumers", slots.Consumer, "a test's own")
    slot.fill("counter", counter)
    monkeypatch.setattr(slots, "consumers", slot)
    return counter


def message(topic: str = "test.made", at: datetime = NOW) -> OutboxMessage:
    return OutboxMessage.objects.create(topic=topic, payload={}, created_at=at, next_at=at)


def test_a_message_is_delivered_once(db, counter: Counter) -> None:
    row = message()
    assert outbox.deliver(row.pk, now=NOW)
    assert not outbox.deliver(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.done_at, row.attempts, counter.told(row)) == ("done", NOW, 1, 1)


def test_a_topic_without_consumer_is_done(db, counter: Counter) -> None:
    row = message("test.other")
    assert outbox.deliver(row.pk, now=NOW)
    assert counter.told(row) == 0


def test_a_message_that_is_not_there_is_not_delivered(db, counter: Counter) -> None:
    assert not outbox.deliver(1, now=NOW)


def test_two_workers_racing_deliver_once(committed_db, counter: Counter) -> None:
    counter.pause = 0.02
    rows = [message() for _ in range(5)]
    for row in rows:
        found = at_once(4, lambda _, pk=row.pk: outbox.deliver(pk, now=NOW))
        assert sorted(found) == [False, False, False, True], found
    assert [counter.told(row) for row in rows] == [1] * 5


def test_a_failure_takes_the_consumers_effects_back(db, counter: Counter) -> None:
    counter.failures = 1
    row = message()
    assert not outbox.deliver(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.attempts, row.done_at) == ("pending", 1, None)
    assert row.error == "RuntimeError: the gateway does not answer"
    assert counter.told(row) == 0
    assert outbox.deliver(row.pk, now=NOW)
    assert counter.told(row) == 1


def test_pauses_grow_and_the_eighth_failure_is_the_last(db, counter: Counter) -> None:
    counter.failures = 100
    row = message()
    now, pauses = NOW, []
    while row.state == "pending":
        assert outbox.drain(now=row.next_at - SECOND / 1000) == 0
        now = row.next_at
        assert outbox.drain(now=now) == 0
        row.refresh_from_db()
        pauses.append((row.next_at - now).total_seconds())
    assert row.state == "dead"
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 1280]
    assert outbox.drain(now=now + timedelta(days=9)) == 0
    assert not outbox.deliver(row.pk, now=now)


def test_one_that_fails_does_not_hold_up_the_others(db, counter: Counter) -> None:
    counter.failures = 1
    first, second = message(), message()
    assert outbox.drain(now=NOW) == 1
    assert [counter.told(row) for row in (first, second)] == [0, 1]


def test_drain_takes_what_is_due_oldest_first_up_to_a_limit(db, counter: Counter) -> None:
    rows = [message(), message(at=NOW + SECOND), message(), message()]
    assert outbox.drain(now=NOW, limit=2) == 2
    assert [counter.told(row) for row in rows] == [1, 0, 1, 0]
    assert outbox.drain(now=NOW + SECOND) == 2


def test_long_errors_are_cut(db, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def explain(*_: Any) -> None:
        raise ValueError("x" * 1000)

    monkeypatch.setattr(outbox, "_consume", explain)
    row = message()
    outbox.deliver(row.pk, now=NOW)
    row.refresh_from_db()
    assert len(row.error) == 300


def test_only_delivered_messages_are_forgotten(db, counter: Counter) -> None:
    waiting = message(at=NOW + SECOND)
    outbox.deliver(message().pk, now=NOW)
    assert outbox.prune(now=NOW + timedelta(days=30)) == 0
    assert outbox.prune(now=NOW + timedelta(days=31)) == 1
    assert OutboxMessage.objects.get() == waiting

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from tests.core.threads import at_once
from tests.support.office import NOW
from zhitong.core import audit, crypto
from zhitong.core.actor import Actor, Side, system
from zhitong.core.models import AuditEvent, AuditSeal

BY = system("test")
ABC = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


def newest() -> int:
    """The newest event's id."""
    return AuditEvent.objects.latest("pk").pk


def append(number: int = 1) -> list[AuditEvent]:
    """Append events and, where that does not happen at once, seal them."""
    events = [
        audit.append(by=BY, now=NOW + timedelta(seconds=place), action="test.act", facts={"place": place})
        for place in range(number)
    ]
    audit.seal_pending()
    return events


@pytest.fixture
def tamper(db) -> Any:
    """Run SQL as somebody who has the database but not the system: without the triggers."""
    from zhitong.core import triggers

    with connection.cursor() as cursor:
        for trigger in triggers.expected(connection.vendor):
            on = f" ON {trigger.table}" if on_postgres() else ""
            cursor.execute(f"DROP TRIGGER {trigger.name}{on}")

    def run(sql: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    return run


def test_sm3_is_the_standards_own_example() -> None:
    assert crypto.sm3(b"abc").hex() == ABC
    longer = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert crypto.sm3(b"abcd" * 16).hex() == longer


def test_the_keyed_form_is_hmac() -> None:
    key, data = b"k" * 20, b"an event"
    padded = key.ljust(64, b"\0")
    inner = crypto.sm3(bytes(byte ^ 0x36 for byte in padded) + data)
    assert crypto.hmac_sm3(key, data) == crypto.sm3(bytes(byte ^ 0x5C for byte in padded) + inner)


def test_the_canonical_form_and_the_chain_stay_as_they_are() -> None:
    event = AuditEvent(
        pk=7,
        at=datetime(2026, 6, 5, 9, 0, 0, 5, tzinfo=UTC),
        actor="user:3",
        actor_label="示例",
        action="cases.accept",
        target="cases.case:9",
        tenant=None,
        result="done",
        payload='{"after":"accepted"}',
        request_id="r1",
    )
    expected = (
        '[1,"2026-06-05T09:00:00.000005+00:00","user:3","示例","cases.accept","cases.case:9",null,"done",'
        '"{\\"after\\":\\"accepted\\"}","r1"]'
    )
    assert audit.canonical(event).decode() == expected
    head = f'[1,"{"0" * 64}",7]'
    assert audit.link_digest(1, audit.GENESIS, event) == crypto.sm3((head + expected).encode()).hex()
    golden = "76d5fe70afb117530fc4b2eb7c469c4c815c4625fd95840d951e18c21e768c22"
    assert audit.link_digest(1, audit.GENESIS, event) == golden


def test_the_moment_counts_wherever_it_is_written_down() -> None:
    east = datetime.fromisoformat("2026-06-05T17:00:00+08:00")
    texts = {audit.canonical(AuditEvent(at=at, tenant=None)) for at in (east, east.astimezone(UTC))}
    assert len(texts) == 1


def test_an_event_says_who_did_what_to_which(db) -> None:
    by = Actor(side=Side.STAFF, user=5, label="示例" * 80, request_id="r1")
    event = audit.append(
        by=by, now=NOW, action="cases.accept", target="cases.case:9", tenant=4, facts={"b": 1, "a": NOW}
    )
    event.refresh_from_db()
    assert (event.actor, len(event.actor_label), event.tenant, event.request_id) == ("user:5", 100, 4, "r1")
    assert list(json.loads(event.payload)) == ["a", "b"]
    assert event.mac == crypto.hmac_sm3(settings.AUDIT_KEY, audit.canonical(event)).hex()


def test_an_untouched_log_verifies(db) -> None:
    append(5)
    report = audit.verify()
    assert (report.ok, report.sealed, report.unsealed) == (True, AuditSeal.objects.count(), ())
    assert report.sealed == AuditEvent.objects.count()
    assert audit.head() == (report.sealed, report.head)


def test_an_empty_log_verifies(db) -> None:
    assert audit.verify().ok
    assert audit.head() == (0, audit.GENESIS)


@pytest.mark.parametrize("column", ["actor", "action", "target", "payload", "result", "request_id", "mac"])
def test_an_edited_event_is_found_and_named(tamper, column: str) -> None:
    events = append(5)
    value = "refused" if column == "result" else "x"
    tamper(f"UPDATE core_auditevent SET {column} = %s WHERE id = %s", value, events[2].pk)
    report = audit.verify()
    assert (report.ok, report.event) == (False, events[2].pk)
    assert report.fault


def test_an_edit_that_repairs_the_chain_is_betrayed_by_the_key(tamper, settings) -> None:
    events = append(3)
    tamper("UPDATE core_auditevent SET actor = 'user:1' WHERE id = %s", events[1].pk)
    rebuild(tamper)
    report = audit.verify()
    assert (report.fault, report.event) == ("This event was not written by the system.", events[1].pk)


def rebuild(tamper: Any) -> None:
    """Make the chain anew over whatever stands in the table, as somebody without the key can."""
    tamper("DELETE FROM core_auditseal")
    digest = audit.GENESIS
    for seq, event in enumerate(AuditEvent.objects.order_by("id"), start=1):
        digest = audit.link_digest(seq, digest, event)
        AuditSeal.objects.create(seq=seq, event_id=event.pk, digest=digest)


def test_a_deleted_event_is_found_and_named(tamper) -> None:
    events = append(5)
    tamper("DELETE FROM core_auditevent WHERE id = %s", events[2].pk)
    report = audit.verify()
    assert (report.fault, report.event) == ("This event was deleted.", events[2].pk)


def test_an_event_deleted_with_its_seal_is_found(tamper) -> None:
    events = append(5)
    tamper("DELETE FROM core_auditseal WHERE event_id = %s", events[2].pk)
    tamper("DELETE FROM core_auditevent WHERE id = %s", events[2].pk)
    report = audit.verify()
    assert (report.fault, report.event) == ("A seal is missing before this event.", events[3].pk)


def test_an_inserted_event_is_found_and_named(tamper) -> None:
    append(2)
    tamper(
        "INSERT INTO core_auditevent (at, actor, actor_label, action, target, result, payload, request_id, mac)"
        " VALUES (%s, 'user:1', '', 'cases.accept', '', 'done', '{}', '', 'beef')",
        NOW,
    )
    report = audit.verify()
    assert (report.ok, report.event) == (False, newest())


def test_a_copied_event_is_found_where_events_are_sealed_at_once(tamper) -> None:
    events = append(2)
    columns = "at, actor, actor_label, action, target, tenant, result, payload, request_id, mac"
    tamper(
        f"INSERT INTO core_auditevent ({columns}) SELECT {columns} FROM core_auditevent WHERE id = %s",
        events[0].pk,
    )
    report = audit.verify()
    if on_postgres():
        assert report.unsealed == (newest(),), "an unsealed tail is shown"
    else:
        assert (report.fault, report.event) == ("This event was inserted beside the system.", newest())


def test_swapped_events_are_found(tamper) -> None:
    events = append(4)
    for new, old in ((-1, events[1].pk), (events[1].pk, events[2].pk), (events[2].pk, -1)):
        tamper("UPDATE core_auditevent SET id = %s WHERE id = %s", new, old)
    report = audit.verify()
    assert (report.ok, report.event) == (False, events[1].pk)


def test_a_cut_tail_and_a_rebuilt_chain_are_found_by_the_anchor(tamper) -> None:
    events = append(5)
    anchor = audit.head()
    assert audit.verify(anchor=anchor).ok
    for event in events[3:]:
        tamper("DELETE FROM core_auditseal WHERE event_id = %s", event.pk)
        tamper("DELETE FROM core_auditevent WHERE id = %s", event.pk)
    assert audit.verify().ok, "only an anchor shows what was cut off"
    assert audit.verify(anchor=anchor).fault == "The chain is shorter than the anchor kept elsewhere."
    append(2)
    report = audit.verify(anchor=anchor)
    assert report.fault == "The chain differs from the anchor kept elsewhere."


@pytest.mark.parametrize("table", ["core_auditevent", "core_auditseal"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_the_log(db, table: str, verb: str) -> None:
    append(2)
    if verb.startswith("TRUNCATE") and not on_postgres():
        pytest.skip("SQLite has no TRUNCATE")
    column = "actor" if table == "core_auditevent" else "digest"
    with pytest.raises(DatabaseError, match=f"{table} is append-only"), transaction.atomic():  # noqa: SIM117 - one line would be too long
        with connection.cursor() as cursor:
            cursor.execute(verb.format(table, column))
    assert audit.verify().ok


def test_unsealed_events_are_named_and_sealed_later(db, monkeypatch: pytest.MonkeyPatch) -> None:
    events = [audit.append(by=BY, now=NOW, action="test.act") for _ in range(3)]
    if on_postgres():
        assert audit.verify().unsealed == tuple(event.pk for event in events)
        monkeypatch.setattr(audit, "BATCH", 2)
        assert audit.seal_pending() == 3
    assert audit.verify().unsealed == ()
    assert audit.seal_pending() == 0


def test_a_sealer_that_was_away_for_long_seals_everything(db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LATE_COMMITS", 3)
    append(1)
    for _ in range(8):
        audit.append(by=BY, now=NOW, action="test.act")
    audit.seal_pending()
    assert audit.verify().unsealed == ()


def test_a_rolled_back_event_leaves_no_trace_in_the_chain(db) -> None:
    append(1)
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the rolled-back block is what is tested
        append(1)
        raise RuntimeError
    append(1)
    assert (audit.verify().ok, AuditSeal.objects.count()) == (True, 2)


def test_many_writers_and_sealers_never_fork_the_chain(committed_db) -> None:
    def write() -> None:
        with transaction.atomic():
            audit.append(by=BY, now=NOW, action="test.act")

    def run(place: int) -> None:
        for _ in range(10):
            write() if place < 4 else audit.seal_pending()

    assert at_once(6, run) == [None] * 6
    audit.seal_pending()
    report = audit.verify()
    assert (report.fault, report.sealed, report.unsealed) == ("", 40, ())

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from tests.core.threads import at_once
from tests.support.office import NOW, Office, build
from zhitong.cases import services as case_services
from zhitong.cases.models import Case, Entry
from zhitong.cases.services import Draft
from zhitong.core.actor import Actor, system
from zhitong.core.errors import FieldError, KeyReusedError, NotPermittedError, RefusedError
from zhitong.core.models import AuditEvent, IdempotencyKey, NumberSeries, OutboxMessage
from zhitong.core.service import Work, fingerprint, service
from zhitong.orgs.models import Notice

BY = system("test")
TABLES = (NumberSeries, AuditEvent, OutboxMessage, IdempotencyKey)


@service("test.make")
def make(work: Work, *, by: Actor, now: Any, name: str, then: str = "") -> NumberSeries:
    """Leave a row, an event and a message; then end as `then` says."""
    row = NumberSeries.objects.create(name=name, year=2026)
    work.record(row, name=name)
    work.emit("test.made", name=name)
    if then == "crash":
        raise RuntimeError("the machine lost power")
    if then == "refuse":
        raise FieldError("name", "Not this %(name)s.", name=name)
    return row


@service("test.forget")
def forget(work: Work, *, by: Actor, now: Any) -> None:
    """Change something and leave no event, which no service may."""
    NumberSeries.objects.create(name="forgotten", year=2026)


@service("test.outer")
def outer(work: Work, *, by: Actor, now: Any, then: str = "", catch: bool = False) -> None:
    """Call another service inside this one."""
    work.record("outer")
    try:
        make(by=by, now=now, name="inner", then=then)
    except RefusedError:
        if not catch:
            raise


def counts() -> list[int]:
    return [model.objects.count() for model in TABLES]


def test_a_success_leaves_row_event_message_and_key(db) -> None:
    row = make(by=BY, now=NOW, name="one", key="form")
    assert counts() == [1, 1, 1, 1]
    event = AuditEvent.objects.get()
    assert (event.action, event.target, event.result) == ("test.make", f"core.numberseries:{row.pk}", "done")
    assert (event.actor, event.actor_label, event.at) == ("system:test", "test", NOW)
    assert IdempotencyKey.objects.get().result == f"core.numberseries:{row.pk}"


def test_a_crash_after_the_rows_leaves_nothing(db) -> None:
    with pytest.raises(RuntimeError):
        make(by=BY, now=NOW, name="one", then="crash", key="form")
    assert counts() == [0, 0, 0, 0]


def test_a_crash_leaves_the_key_free_for_another_try(db) -> None:
    with pytest.raises(RuntimeError):
        make(by=BY, now=NOW, name="one", then="crash", key="form")
    make(by=BY, now=NOW, name="one", key="form")
    assert counts() == [1, 1, 1, 1]


def test_a_refusal_leaves_exactly_one_refused_event(db) -> None:
    with pytest.raises(FieldError):
        make(by=BY, now=NOW, name="one", then="refuse", key="form")
    assert counts() == [0, 1, 0, 0]
    event = AuditEvent.objects.get()
    assert (event.action, event.result) == ("test.make", "refused")
    assert event.payload == '{"kind":"FieldError","reason":"Not this %(name)s."}'


def test_a_refusal_inside_a_service_leaves_one_event_under_the_outer_name(db) -> None:
    with pytest.raises(FieldError):
        outer(by=BY, now=NOW, then="refuse")
    assert list(AuditEvent.objects.values_list("action", "result")) == [("test.outer", "refused")]


def test_a_refusal_that_the_outer_service_handles_leaves_only_its_success(db) -> None:
    outer(by=BY, now=NOW, then="refuse", catch=True)
    assert list(AuditEvent.objects.values_list("action", "result")) == [("test.outer", "done")]
    assert not NumberSeries.objects.exists()


def test_a_service_without_an_event_is_a_programming_error(db) -> None:
    with pytest.raises(AssertionError, match="test.forget recorded no audit event"):  # noqa: RUF043 - a dot matches a dot
        forget(by=BY, now=NOW)
    assert counts() == [0, 0, 0, 0]


def test_a_refused_target_is_named(office: Office) -> None:
    case = office.case()
    with pytest.raises(NotPermittedError):
        case_services.accept(by=office.actor("handler"), now=NOW, case=case, kind="normal")
    event = AuditEvent.objects.latest("pk")
    assert (event.target, event.result) == (f"cases.case:{case.pk}", "refused")


# ---------------------------------------------------------------- keys


def test_a_repeat_returns_the_same_row_and_does_nothing(db) -> None:
    first = make(by=BY, now=NOW, name="one", key="form")
    assert make(by=BY, now=NOW, name="one", key="form") == first
    assert counts() == [1, 1, 1, 1]


def test_a_repeat_of_a_service_without_result_returns_none(db) -> None:
    assert outer(by=BY, now=NOW, key="form") is None
    assert outer(by=BY, now=NOW, key="form") is None
    assert AuditEvent.objects.count() == 2


def test_a_key_with_other_content_is_refused(db) -> None:
    make(by=BY, now=NOW, name="one", key="form")
    with pytest.raises(KeyReusedError):
        make(by=BY, now=NOW, name="two", key="form")
    with pytest.raises(KeyReusedError):
        outer(by=BY, now=NOW, key="form")
    assert NumberSeries.objects.count() == 1


def test_a_key_belongs_to_one_principal(db) -> None:
    make(by=BY, now=NOW, name="one", key="form")
    make(by=system("another"), now=NOW, name="two", key="form")
    assert counts() == [2, 2, 2, 2]


def test_two_people_of_one_firm_have_keys_of_their_own(office: Office) -> None:
    for name in ("firm_a", "admin_a"):
        case_services.submit(
            by=office.actor(name), now=NOW, draft=Draft(text="停电"), firm=office.firms["a"], key="form"
        )
    assert Case.objects.count() == 2


def test_what_counts_as_the_same_content(office: Office) -> None:
    firm = office.firms["a"]
    same = fingerprint({"draft": Draft(text="停电"), "firm": firm})
    assert same == fingerprint({"firm": type(firm).objects.get(pk=firm.pk), "draft": Draft(text="停电")})
    assert same != fingerprint({"draft": Draft(text="停水"), "firm": firm})
    assert same != fingerprint({"draft": Draft(text="停电"), "firm": office.firms["b"]})


def test_eight_threads_with_one_key_make_one_case(committed_db, quick_passwords) -> None:
    office = build()
    actor = office.actor("firm_a")
    firm = office.firms["a"]
    found = at_once(
        8, lambda _: case_services.submit(by=actor, now=NOW, draft=Draft(text="停电"), firm=firm, key="form")
    )
    assert [type(row) for row in found] == [Case] * 8, found
    assert len({row.pk for row in found}) == 1
    assert Case.objects.count() == Entry.objects.count() == 1
    assert AuditEvent.objects.filter(action="cases.submit").count() == 1
    assert OutboxMessage.objects.filter(topic="cases.submit").count() == 1


def test_eight_threads_with_different_steps_on_one_version_leave_one(committed_db, quick_passwords) -> None:
    office = build()
    case = office.case()
    actor = office.actor("district")

    def act(place: int) -> Case:
        if place % 2:
            return case_services.return_for_supplement(by=actor, now=NOW, case=case, reason="请补充")
        return case_services.accept(by=actor, now=NOW, case=case, kind="normal")

    found = at_once(8, act)
    assert sum(isinstance(row, Case) for row in found) == 1
    assert all(isinstance(row, Case | RefusedError) for row in found), found
    case.refresh_from_db()
    assert (case.version, case.entries.count(), case.stretches.count()) == (2, 2, 1)


def test_a_message_waits_for_the_commit(
    committed_db, quick_passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    monkeypatch.setattr("zhitong.core.service._deliver_soon", told.append)
    with transaction.atomic():
        make(by=BY, now=NOW, name="one")
        assert not told
    assert told == [OutboxMessage.objects.get().pk]
    assert not Notice.objects.exists()


def test_a_lost_worker_queue_does_not_undo_the_action(committed_db, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(message: int) -> None:
        raise OSError("no queue")

    monkeypatch.setattr("zhitong.core.service._deliver_soon", broken)
    make(by=BY, now=NOW, name="one")
    assert (NumberSeries.objects.count(), OutboxMessage.objects.get().state) == (1, "pending")

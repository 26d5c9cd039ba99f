"""Who else is looking at a case: one statement now and then, and nothing of it stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.browsing import signed_in
from tests.support.office import NOW, Office
from zhitong.cases import queries, services
from zhitong.cases.models import Presence
from zhitong.core.models import AuditEvent

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def come(office: Office, name: str, case: object, at: timedelta) -> None:
    services.be_here(by=office.actor(name), now=NOW + at, case=case)


def test_somebody_else_is_named_and_oneself_is_not(office: Office) -> None:
    case = office.until("handling")
    come(office, "handler", case, 0 * SECOND)
    come(office, "head", case, 5 * SECOND)
    seen = queries.here(office.actor("handler"), case, NOW + 10 * SECOND)
    assert [row.user for row in seen] == [office.users["head"]]


def test_it_is_written_at_most_every_half_minute_and_the_beginning_stays(office: Office) -> None:
    case = office.until("handling")
    for seconds, seen in ((0, 0), (29, 0), (31, 31), (60, 31), (75, 75)):
        come(office, "handler", case, seconds * SECOND)
        row = Presence.objects.get()
        assert (row.since, row.seen_at) == (NOW, NOW + seen * SECOND)


def test_after_two_minutes_somebody_is_gone_and_comes_anew(office: Office) -> None:
    case = office.until("handling")
    come(office, "handler", case, 0 * SECOND)
    head = office.actor("head")
    assert queries.here(head, case, NOW + 2 * MINUTE)
    assert not queries.here(head, case, NOW + 2 * MINUTE + SECOND)
    come(office, "handler", case, 3 * MINUTE)
    assert Presence.objects.get().since == NOW + 3 * MINUTE
    assert services.prune_presence(now=NOW + 5 * MINUTE) == 0
    assert services.prune_presence(now=NOW + 6 * MINUTE) == 1


def test_looking_is_one_statement_and_no_event(office: Office) -> None:
    case, actor = office.until("handling"), office.actor("handler")
    before = AuditEvent.objects.count()
    with CaptureQueriesContext(connection) as asked:
        services.be_here(by=actor, now=NOW, case=case)
    assert len(asked) == 1
    assert AuditEvent.objects.count() == before


def test_the_page_asks_for_its_version(office: Office) -> None:
    case = office.until("handling")
    address = reverse("cases:here", args=[case.pk])
    client = signed_in(office, "handler")
    for version, changed in ((case.version, False), (case.version - 1, True), ("", False), ("x", False)):
        answer = client.get(address, {"version": version})
        assert answer.context["changed"] is changed

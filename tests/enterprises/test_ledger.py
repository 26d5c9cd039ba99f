"""What happens to counted places when visits are joined, cancelled, finished, or their firms merged."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.enterprises.test_contacts import TODAY, plan, too_often
from tests.support.office import NOW, Office
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.enterprises import queries, services
from zhitong.enterprises.caps import Question
from zhitong.enterprises.models import Contact, ContactCount, Enterprise
from zhitong.enterprises.services import Coming

pytestmark = pytest.mark.django_db


def used(cap: str) -> int:
    return ContactCount.objects.get(cap=cap).used


def cancel(office: Office, contact: Contact, by: str = "handler") -> None:
    services.cancel_contact(by=office.actor(by), now=NOW, contact=contact)


def test_a_month_has_four_notices_and_the_fifth_waits_for_the_next(office: Office) -> None:
    for _ in range(4):
        plan(office, kind="notice")
    too_often(office, kind="notice")
    too_often(office, date(2026, 6, 30), kind="notice", by="worker", unit="works")
    assert plan(office, date(2026, 7, 1), kind="notice")


def test_what_is_cancelled_gives_its_place_back_once(office: Office) -> None:
    row = plan(office)
    too_often(office, TODAY + timedelta(days=1))
    cancel(office, row)
    assert (used("visit-day"), used("visit-quarter")) == (0, 0)
    plan(office, TODAY + timedelta(days=1))
    too_often(office, TODAY + timedelta(days=2))


def test_a_cancelled_visit_cannot_be_joined(office: Office) -> None:
    row = plan(office)
    cancel(office, row)
    with pytest.raises(FieldError, match="planned visits"):
        plan(office, by="worker", unit="works", joins=row)


def test_who_joins_a_joined_visit_joins_the_first(office: Office) -> None:
    first = plan(office)
    second = plan(office, by="worker", unit="works", joins=first)
    third = plan(office, by="leader", unit="city", joins=second)
    cancel(office, second, "worker")
    third.refresh_from_db()
    assert third.joined == first
    cancel(office, first)
    third.refresh_from_db()
    assert (third.joined, third.counted, used("visit-quarter")) == (None, first.counted, 1)
    too_often(office, TODAY + timedelta(days=9))


def test_a_joint_visit_that_took_place_keeps_its_place_when_the_first_is_cancelled(office: Office) -> None:
    first = plan(office)
    second = plan(office, by="worker", unit="works", joins=first)
    services.finish_contact(by=office.actor("worker"), now=NOW, contact=second)
    cancel(office, first)
    assert used("visit-quarter") == 1
    too_often(office, TODAY + timedelta(days=9))


def test_only_the_contacts_department_or_a_dispatcher_cancels_it(office: Office) -> None:
    row = plan(office)
    for name in ("worker", "firm_a", "sysadmin"):
        with pytest.raises(NotPermittedError):
            cancel(office, row, name)
    cancel(office, row, "dispatcher")


def test_a_rest_begins_and_ends_when_the_firm_says_so(office: Office) -> None:
    def rest(until: Any, by: str = "firm_a") -> None:
        services.rest(by=office.actor(by), now=NOW, enterprise=office.firms["a"], until=until)
        office.firms["a"].refresh_from_db()

    for by in ("firm_b", "handler", "dispatcher"):
        with pytest.raises(NotPermittedError):
            rest(TODAY + timedelta(days=3), by)
    rest(TODAY + timedelta(days=3))
    with pytest.raises(FieldError, match="not to be visited"):
        plan(office, TODAY + timedelta(days=3), kind="check")
    rest(None)
    assert plan(office, TODAY + timedelta(days=3), kind="check")


def test_a_firm_of_two_entries_has_the_places_of_one(office: Office) -> None:
    coming = Coming(day=TODAY, department=office.units["works"], kind="visit", reason="摸底")
    other = services.plan_contact(
        by=office.actor("worker"), now=NOW, enterprise=office.firms["b"], coming=coming
    )
    services.merge(
        by=office.actor("dispatcher"), now=NOW, kept=office.firms["a"], dropped=office.firms["b"], reason="同"
    )
    office.firms["a"] = Enterprise.objects.get(pk=office.firms["a"].pk)
    question = Question("visit", TODAY, office.units["industry"].pk, key_firm=False)
    assert queries.used(office.firms["a"], question) == {"visit-day": 1, "visit-quarter": 1}
    too_often(office, TODAY + timedelta(days=1))
    assert plan(office, joins=other).counted == [], "what is planned with the other entry can be joined"

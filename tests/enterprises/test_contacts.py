"""The ledger of contacts: caps, joint visits, rest, and two departments that want the last place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.core.threads import at_once
from tests.support import office as offices
from tests.support.office import NOW, Office
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.enterprises import queries, services
from zhitong.enterprises.models import Contact, ContactCount
from zhitong.enterprises.services import Coming

TODAY = date(2026, 6, 5)


def plan(
    office: Office, day: date = TODAY, *, by: str = "handler", unit: str = "industry", **more: Any
) -> Contact:
    given = {"kind": "visit", "reason": "了解增产情况"} | more
    coming = Coming(day=day, department=office.units[unit], **given)
    return services.plan_contact(by=office.actor(by), now=NOW, enterprise=office.firms["a"], coming=coming)


def too_often(office: Office, *args: Any, **more: Any) -> None:
    before = list(ContactCount.objects.values_list("cap", "stretch", "used"))
    with pytest.raises(FieldError, match="Too often"):
        plan(office, *args, **more)
    assert list(ContactCount.objects.values_list("cap", "stretch", "used")) == before, (
        "a refusal counts nothing"
    )


@pytest.mark.django_db
def test_another_firm_is_visited_once_a_quarter_by_all_departments_together(office: Office) -> None:
    plan(office)
    too_often(office, TODAY + timedelta(days=20), by="worker", unit="works")
    assert plan(office, date(2026, 7, 1))


@pytest.mark.django_db
def test_a_key_firm_is_visited_once_a_month(office: Office) -> None:
    services.grant_title(
        by=office.actor("handler"), now=NOW, enterprise=office.firms["a"], kind="giant", granted_on=TODAY
    )
    plan(office)
    too_often(office, date(2026, 6, 30))
    assert plan(office, date(2026, 7, 1))


@pytest.mark.django_db
def test_one_department_checks_twice_a_year_and_another_has_its_own_two(office: Office) -> None:
    days = [TODAY + timedelta(days=at) for at in range(4)]
    for day in days[:2]:
        plan(office, day, kind="check")
    too_often(office, days[2], kind="check")
    assert plan(office, days[2], kind="check", by="worker", unit="works")
    assert plan(office, date(2027, 1, 4), kind="check")


@pytest.mark.django_db
def test_a_day_has_one_visit_or_check(office: Office) -> None:
    plan(office)
    too_often(office, kind="check")


@pytest.mark.django_db
def test_what_the_firm_called_for_and_calls_are_never_held_back(office: Office) -> None:
    plan(office)
    assert plan(office, matter=office.case().number).counted == []
    for number in ("ZT-2026-999999", office.case("b").number):
        with pytest.raises(FieldError, match="no case of that number"):
            plan(office, matter=number)
    assert plan(office, kind="call").counted == []


@pytest.mark.django_db
def test_a_joint_visit_is_counted_once_and_outlives_the_first(office: Office) -> None:
    first = plan(office)
    with pytest.raises(FieldError, match="on the day"):
        plan(office, TODAY + timedelta(days=1), by="worker", unit="works", joins=first)
    second = plan(office, by="worker", unit="works", joins=first)
    services.cancel_contact(by=office.actor("handler"), now=NOW, contact=first)
    second.refresh_from_db()
    assert (second.joined, second.counted) == (None, first.counted)
    too_often(office, TODAY + timedelta(days=9))
    services.cancel_contact(by=office.actor("worker"), now=NOW, contact=second)
    assert plan(office, TODAY + timedelta(days=9))


@pytest.mark.django_db
def test_a_resting_firm_is_not_visited_but_answered(office: Office) -> None:
    services.rest(
        by=office.actor("firm_a"), now=NOW, enterprise=office.firms["a"], until=TODAY + timedelta(days=30)
    )
    office.firms["a"].refresh_from_db()
    with pytest.raises(FieldError, match="not to be visited"):
        plan(office)
    assert plan(office, kind="call")
    assert plan(office, matter=office.case().number)
    assert plan(office, TODAY + timedelta(days=31))
    with pytest.raises(FieldError):
        services.rest(
            by=office.actor("firm_a"),
            now=NOW,
            enterprise=office.firms["a"],
            until=TODAY + timedelta(days=181),
        )


@pytest.mark.django_db
def test_only_a_dispatcher_or_leader_excuses_a_cap(office: Office) -> None:
    plan(office)
    with pytest.raises(NotPermittedError):
        plan(office, TODAY + timedelta(days=2), excuse="紧急")
    excused = plan(office, TODAY + timedelta(days=2), by="leader", unit="city", excuse="停产抢险")
    assert excused.excused == "停产抢险"


@pytest.mark.django_db
def test_what_took_place_is_entered_and_counted_whatever_the_caps(office: Office) -> None:
    plan(office)
    coming = Coming("visit", "路过", TODAY, office.units["works"])
    row = services.record_contact(
        by=office.actor("worker"), now=NOW, enterprise=office.firms["a"], coming=coming
    )
    assert ContactCount.objects.get(cap="visit-day").used == 2
    assert queries.last_contact(office.firms["a"]) == row
    with pytest.raises(FasterError):
        services.cancel_contact(by=office.actor("worker"), now=NOW, contact=row)


@pytest.mark.django_db
def test_nobody_plans_for_another_department_or_for_yesterday(office: Office) -> None:
    with pytest.raises(FieldError, match="hold a post"):
        plan(office, unit="works")
    with pytest.raises(FieldError, match="over"):
        plan(office, TODAY - timedelta(days=1))
    with pytest.raises(FieldError, match="disturbed"):
        plan(office, reason=" ")


def test_two_departments_cannot_both_take_the_last_place(committed_db) -> None:
    office = offices.build()
    ways = [lambda: plan(office), lambda: plan(office, TODAY + timedelta(days=3), by="worker", unit="works")]
    results = at_once(2, lambda place: ways[place]())
    assert sorted(type(result).__name__ for result in results) == ["Contact", "FieldError"]
    assert ContactCount.objects.get(cap="visit-quarter").used == 1

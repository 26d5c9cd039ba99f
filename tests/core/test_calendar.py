from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404

from tests.support.office import NOW, Office, build
from zhitong.cases import services as case_services
from zhitong.cases.models import Case
from zhitong.core import queries, services
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.core.models import AuditEvent, CalendarDay, CalendarYear

YEAR_END = datetime(2026, 12, 29, 1, 0, tzinfo=UTC)


def local(case: Case) -> str:
    case.refresh_from_db()
    return (case.due_at + timedelta(hours=8)).strftime("%m-%d %H:%M:%S")


def typhoon(
    office: Office, day: date, *, by: str = "sysadmin", kind: str = "local_off", now: datetime = NOW
) -> CalendarDay:
    words = {"name_zh": "台风", "name_en": "", "source": "市防指通知"}
    return services.set_local_day(by=office.actor(by, now), now=now, date=day, kind=kind, **words)


def year(number: int, *days: tuple[str, str]) -> dict[str, Any]:
    rows = [{"date": day, "kind": kind, "name": {"zh": "元旦", "en": "New Year's Day"}} for day, kind in days]
    return {"year": number, "source": "国务院办公厅通知", "day": rows}


def test_a_typhoon_day_moves_deadlines_and_taking_it_back_moves_them_again(office: Office) -> None:
    case = office.until("dispatched")
    assert local(case) == "06-16 23:59:59"
    version = case.version
    row = typhoon(office, date(2026, 6, 9))
    assert (row.name_en, local(case)) == ("台风", "06-17 23:59:59")
    assert ["2026-06-09", "local_off", "台风"] in case.deadline["skipped"]
    services.remove_local_day(by=office.actor("sysadmin"), now=NOW, day=row)
    assert local(case) == "06-16 23:59:59"
    assert case.version == version, "a moved deadline is nobody's competing edit"


def test_a_local_working_day_brings_a_deadline_forward(office: Office) -> None:
    case = office.until("dispatched")
    typhoon(office, date(2026, 6, 6), kind="local_on")
    assert local(case) == "06-15 23:59:59"


def test_each_moved_deadline_leaves_an_event(office: Office) -> None:
    case = office.until("dispatched")
    office.until("dispatched", "b", lead="works")
    before = AuditEvent.objects.latest("pk").pk
    typhoon(office, date(2026, 6, 9))
    events = AuditEvent.objects.filter(pk__gt=before, action="cases.recompute_deadlines")
    assert f"cases.case:{case.pk}" in set(events.values_list("target", flat=True))
    done = AuditEvent.objects.get(pk__gt=before, action="calendar.set_local_day")
    assert '"deadlines_moved":2' in done.payload


@pytest.mark.parametrize("day", [date(2026, 6, 5), date(2026, 6, 17), date(2026, 5, 20)])
def test_days_outside_the_count_move_nothing(office: Office, day: date) -> None:
    case = office.until("dispatched")
    typhoon(office, day)
    assert local(case) == "06-16 23:59:59"


def test_ended_cases_have_no_deadline_to_move(office: Office) -> None:
    case = office.case()
    case_services.withdraw(by=office.actor("firm_a"), now=NOW, case=case, reason="已解决")
    typhoon(office, date(2026, 6, 8))
    case.refresh_from_db()
    assert (case.due_at, case.clock) == (None, "")


def test_a_day_takes_one_local_exception(office: Office) -> None:
    row = typhoon(office, date(2026, 6, 9))
    with pytest.raises(FieldError) as caught:
        typhoon(office, date(2026, 6, 9), kind="local_on")
    assert caught.value.field == "date"
    assert CalendarDay.objects.filter(local=True).get() == row


@pytest.mark.parametrize("by", ["handler", "secadmin", "auditor", "firm_a"])
def test_only_the_system_administrator_edits_the_calendar(office: Office, by: str) -> None:
    row = typhoon(office, date(2026, 6, 9))
    with pytest.raises(NotPermittedError):
        typhoon(office, date(2026, 6, 10), by=by)
    with pytest.raises(NotPermittedError):
        services.remove_local_day(by=office.actor(by), now=NOW, day=row)
    with pytest.raises(NotPermittedError):
        services.load_year(by=office.actor(by), now=NOW, document=year(2027))


@pytest.fixture
def late(db, quick_passwords) -> Office:
    return build(YEAR_END)


def at_year_end(office: Office) -> Case:
    case = office.until("dispatched", now=YEAR_END)
    assert case.provisional
    return case


def test_provisional_deadlines_are_counted_again_when_their_year_is_loaded(late: Office) -> None:
    case = at_year_end(late)
    assert local(case) == "01-07 23:59:59"
    new_year = [("2027-01-01", "holiday"), ("2027-01-02", "makeup")]
    services.load_year(by=late.actor("sysadmin", YEAR_END), now=YEAR_END, document=year(2027, *new_year))
    assert local(case) == "01-07 23:59:59"
    assert not case.provisional
    services.load_year(
        by=late.actor("sysadmin", YEAR_END), now=YEAR_END, document=year(2027, ("2027-01-01", "holiday"))
    )
    assert local(case) == "01-08 23:59:59", "loading again counts again"


def test_a_year_without_special_days_still_ends_what_was_provisional(late: Office) -> None:
    case = at_year_end(late)
    services.load_year(by=late.actor("sysadmin", YEAR_END), now=YEAR_END, document=year(2027))
    assert local(case) == "01-07 23:59:59"
    assert not case.provisional


def test_loading_a_year_keeps_local_exceptions(late: Office) -> None:
    case = at_year_end(late)
    typhoon(late, date(2027, 1, 4), now=YEAR_END)
    assert local(case) == "01-08 23:59:59"
    services.load_year(
        by=late.actor("sysadmin", YEAR_END), now=YEAR_END, document=year(2027, ("2027-01-04", "makeup"))
    )
    assert local(case) == "01-08 23:59:59"
    assert queries.day_table(date(2027, 1, 1)).kind(date(2027, 1, 4)) == "local_off"


def test_a_wrong_year_changes_nothing(late: Office) -> None:
    before = list(CalendarDay.objects.values_list("pk", flat=True))
    with pytest.raises(ValueError, match="2027"):
        services.load_year(
            by=late.actor("sysadmin", YEAR_END), now=YEAR_END, document=year(2027, ("2026-01-01", "holiday"))
        )
    assert list(CalendarDay.objects.values_list("pk", flat=True)) == before
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_reading_the_calendar(office: Office) -> None:
    row = typhoon(office, date(2026, 6, 9))
    assert queries.local_day(row.pk) == row
    gazetted = CalendarDay.objects.filter(local=False).first()
    with pytest.raises(Http404):
        queries.local_day(gazetted.pk)
    assert [row.year for row in queries.calendar_years()] == [2026, 2025]
    days = list(queries.calendar_days(2026))
    assert days == sorted(days, key=lambda day: day.date)
    assert row in days

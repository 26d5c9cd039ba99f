from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from zhitong.kernel.calendar import (
    CalendarError,
    DayEntry,
    DayKind,
    DayTable,
    Deadline,
    add_natural_days,
    add_workdays,
    due_moment,
    subtract_workdays,
    workdays_between,
)

day = date.fromisoformat
CITY = ZoneInfo("Asia/Shanghai")


# ---------------------------------------------------------------- counted by hand


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # before the Spring Festival, with a working Saturday on each side
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-02-13", 3, "2026-02-25"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-02-13", 10, "2026-03-05"),
        ("2026-02-13", 15, "2026-03-12"),
        # National Day, with the working Saturday 10-10
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-09-30", 7, "2026-10-15"),
        # Labour Day: the working Saturday 05-09 counts
        ("2026-04-30", 7, "2026-05-13"),
        # Dragon Boat Festival on a Friday
        ("2026-06-05", 10, "2026-06-22"),
        # an ordinary week, begun on a weekend
        ("2026-03-07", 1, "2026-03-09"),
        ("2026-03-08", 5, "2026-03-13"),
        # begun in the middle of a festival, on its first and on its last day
        ("2025-10-01", 1, "2025-10-09"),
        ("2025-10-08", 3, "2025-10-11"),
    ],
)
def test_examples(table, start, days, due) -> None:
    deadline = add_workdays(day(start), days, table)
    assert deadline.due == day(due)
    assert (deadline.start, deadline.days, deadline.unit) == (day(start), days, "workday")
    assert not deadline.provisional


@pytest.mark.parametrize(
    ("due", "days", "last"),
    [
        # the 7-day task of 2026-02-13 is due on 03-02; an extension is asked on a Saturday at the latest
        ("2026-03-02", 1, "2026-02-28"),
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-02", 2, "2026-02-27"),
        ("2026-03-02", 7, "2026-02-13"),
        ("2026-02-24", 1, "2026-02-14"),
        ("2026-10-10", 3, "2026-09-30"),
        # due on a Sunday: the Saturday before is a working day, but none lies between
        ("2026-03-01", 0, "2026-02-28"),
        ("2026-03-01", 1, "2026-02-27"),
        ("2026-02-20", 1, "2026-02-13"),
    ],
)
def test_last_day_to_ask(table, due, days, last) -> None:
    assert subtract_workdays(day(due), days, table) == day(last)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-02-13", "2026-02-13"),
        ("2026-02-14", "2026-02-14"),
        ("2026-02-15", "2026-02-24"),
        ("2026-03-07", "2026-03-09"),
    ],
)
def test_no_days_means_the_same_working_day_or_the_next(table, start, due) -> None:
    deadline = add_workdays(day(start), 0, table)
    assert deadline.due == day(due)
    assert deadline.counted == ()
    assert [skipped for skipped, _, _ in deadline.skipped] == list(dates(day(start), day(due)))


def dates(first, end):
    """Yield the days from `first` on, without `end`."""
    while first < end:
        yield first
        first += timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "between"),
    [
        ("2026-02-13", "2026-02-13", 0),
        ("2026-02-13", "2026-03-02", 7),
        ("2026-03-02", "2026-02-13", -7),
        ("2026-02-14", "2026-02-23", 0),
        ("2026-02-27", "2026-03-01", 1),
        ("2026-12-31", "2027-01-04", 2),
    ],
)
def test_workdays_between(table, first, last, between) -> None:
    assert workdays_between(day(first), day(last), table) == between


# ---------------------------------------------------------------- the reasons


def test_a_deadline_says_what_it_counted_and_stepped_over(table) -> None:
    deadline = add_workdays(day("2026-02-13"), 7, table)
    assert [counted.isoformat() for counted in deadline.counted] == [
        "2026-02-14",
        "2026-02-24",
        "2026-02-25",
        "2026-02-26",
        "2026-02-27",
        "2026-02-28",
        "2026-03-02",
    ]
    assert deadline.counted_reasons == (
        (day("2026-02-14"), DayKind.MAKEUP, "春节"),
        (day("2026-02-28"), DayKind.MAKEUP, "春节"),
    )
    festival = [(day("2026-02-15") + timedelta(days=n), DayKind.HOLIDAY, "春节") for n in range(9)]
    assert deadline.skipped == (*festival, (day("2026-03-01"), DayKind.WEEKEND, ""))


def test_a_typhoon_day_moves_a_deadline(table, with_local) -> None:
    typhoon = with_local(DayEntry(day("2026-07-22"), DayKind.LOCAL_OFF, "台风停工", "市防指通知"))
    assert add_workdays(day("2026-07-20"), 3, table).due == day("2026-07-23")
    moved = add_workdays(day("2026-07-20"), 3, typhoon)
    assert moved.due == day("2026-07-24")
    assert moved.skipped == ((day("2026-07-22"), DayKind.LOCAL_OFF, "台风停工"),)
    # the day before and a deadline that is over by then stay
    assert add_workdays(day("2026-07-20"), 1, typhoon).due == day("2026-07-21")
    assert subtract_workdays(day("2026-07-23"), 1, typhoon) == day("2026-07-21")
    assert workdays_between(day("2026-07-20"), day("2026-07-24"), typhoon) == 3


def test_a_typhoon_day_outranks_a_working_weekend(with_local) -> None:
    typhoon = with_local(DayEntry(day("2026-10-10"), DayKind.LOCAL_OFF, "台风停工"))
    assert add_workdays(day("2026-09-30"), 3, typhoon).due == day("2026-10-12")


def test_a_local_working_day_outranks_a_holiday(with_local) -> None:
    duty = with_local(DayEntry(day("2026-10-01"), DayKind.LOCAL_ON, "防汛值守"))
    deadline = add_workdays(day("2026-09-30"), 3, duty)
    assert deadline.due == day("2026-10-09")
    assert deadline.counted_reasons == ((day("2026-10-01"), DayKind.LOCAL_ON, "防汛值守"),)


# ---------------------------------------------------------------- years that are not loaded


@pytest.mark.parametrize(
    ("start", "days", "due", "provisional"),
    [
        ("2026-12-28", 3, "2026-12-31", False),
        ("2026-12-30", 1, "2026-12-31", False),
        ("2026-12-30", 2, "2027-01-01", True),
        ("2026-12-31", 1, "2027-01-01", True),
        ("2026-12-31", 3, "2027-01-05", True),
        ("2026-12-31", 0, "2026-12-31", False),
        ("2027-01-01", 0, "2027-01-01", True),
        ("2027-01-02", 0, "2027-01-04", True),
        ("2027-06-01", 1, "2027-06-02", True),
        ("2017-12-28", 1, "2017-12-29", True),
        # the start itself is not counted, so its year does not matter
        ("2017-12-31", 1, "2018-01-02", False),
    ],
)
def test_the_end_of_what_is_known(table, start, days, due, provisional) -> None:
    deadline = add_workdays(day(start), days, table)
    assert deadline.due == day(due)
    assert deadline.provisional is provisional


def test_loading_the_year_ends_what_was_provisional(gazetted, table) -> None:
    new_year = DayEntry(day("2027-01-01"), DayKind.HOLIDAY, "元旦")
    entries = [entry for year in gazetted.values() for entry in year]
    loaded = DayTable.build([*entries, new_year], [*gazetted, 2027])
    before = add_workdays(day("2026-12-30"), 2, table)
    after = add_workdays(before.start, before.days, loaded)
    assert (before.due, before.provisional) == (day("2027-01-01"), True)
    assert (after.due, after.provisional) == (day("2027-01-04"), False)


def test_the_last_day_of_an_unknown_year_is_provisional_even_without_days() -> None:
    next_year_only = DayTable.build([], [2028])
    assert add_workdays(day("2027-12-31"), 0, next_year_only).provisional


def test_a_local_exception_does_not_make_its_year_known() -> None:
    local = DayTable.build([DayEntry(day("2027-01-05"), DayKind.LOCAL_OFF, "台风")], [])
    deadline = add_workdays(day("2027-01-04"), 1, local)
    assert (deadline.due, deadline.provisional) == (day("2027-01-06"), True)


# ---------------------------------------------------------------- natural days and moments


@pytest.mark.parametrize(("days", "due"), [(0, "2026-02-13"), (1, "2026-02-14"), (7, "2026-02-20")])
def test_natural_days_step_over_nothing(table, days, due) -> None:
    deadline = add_natural_days(day("2026-02-13"), days, table)
    assert (deadline.due, deadline.unit, deadline.days) == (day(due), "day", days)
    assert deadline.counted == tuple(day("2026-02-13") + timedelta(days=n + 1) for n in range(days))
    assert deadline.skipped == deadline.counted_reasons == ()


def test_natural_days_are_never_provisional(table) -> None:
    assert not add_natural_days(day("2026-12-31"), 7, table).provisional


def test_due_at_the_end_of_the_day_in_the_city() -> None:
    moment = due_moment(day("2026-03-02"), CITY)
    assert moment.isoformat() == "2026-03-02T23:59:59.999999+08:00"
    assert moment.astimezone(UTC) == datetime(2026, 3, 2, 15, 59, 59, 999999, tzinfo=UTC)
    assert moment.tzinfo is CITY


# ---------------------------------------------------------------- plain data


def test_the_stored_form(table) -> None:
    assert add_workdays(day("2026-02-27"), 2, table).to_json() == {
        "start": "2026-02-27",
        "days": 2,
        "unit": "workday",
        "due": "2026-03-02",
        "provisional": False,
        "counted": ["2026-02-28", "2026-03-02"],
        "skipped": [["2026-03-01", "weekend", ""]],
        "counted_reasons": [["2026-02-28", "makeup", "春节"]],
    }


def test_a_deadline_stored_without_reasons_for_counted_days_is_read(table) -> None:
    stored = json.loads(json.dumps(add_workdays(day("2026-02-27"), 2, table).to_json()))
    del stored["counted_reasons"]
    read = Deadline.from_json(stored)
    assert read.due == day("2026-03-02")
    assert read.counted_reasons == ()


# ---------------------------------------------------------------- what cannot be counted

MOMENT = datetime(2026, 2, 13, 9, tzinfo=UTC)


@pytest.mark.parametrize("count", [add_workdays, add_natural_days, subtract_workdays])
@pytest.mark.parametrize(
    ("start", "days", "says"),
    [
        (day("2026-02-13"), -1, "must be 0 or more, not -1"),
        (MOMENT, 1, "is a moment"),
        (day("2026-02-13"), 4_000_000, "outside the calendar"),
        (day("2026-02-13"), 10**12, "outside the calendar"),
    ],
)
def test_impossible_counts_are_refused_with_a_sentence(count, start, days, says) -> None:
    with pytest.raises(CalendarError, match=says) as refused:
        count(start, days, DayTable())
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(("first", "last"), [(MOMENT, day("2026-02-13")), (day("2026-02-13"), MOMENT)])
def test_no_days_lie_between_moments(table, first, last) -> None:
    with pytest.raises(CalendarError, match="is a moment"):
        workdays_between(first, last, table)


@pytest.mark.parametrize(
    ("count", "edge"), [(add_workdays, date.max), (add_natural_days, date.max), (subtract_workdays, date.min)]
)
def test_the_calendar_has_ends(count, edge) -> None:
    with pytest.raises(CalendarError, match="outside the calendar"):
        count(edge, 1, DayTable())


# ---------------------------------------------------------------- effort


class Looks(dict):
    """A table's days that count how often they are looked at."""

    count = 0

    def get(self, key, default=None):
        self.count += 1
        return super().get(key, default)


@pytest.mark.parametrize("count", [add_workdays, subtract_workdays])
def test_the_effort_grows_with_the_days(count) -> None:
    looks = Looks()
    count(day("2026-02-13"), 1000, DayTable(looks))
    assert 1400 <= looks.count <= 2 * 1402


# ---------------------------------------------------------------- pauses and extensions


def test_a_pause_over_a_holiday_takes_only_its_working_days(table) -> None:
    deadline = add_workdays(day("2026-02-13"), 7, table, pauses=[(day("2026-02-14"), day("2026-02-24"))])
    # Without the pause 02-14 and 02-24 count and the seventh day is 03-02.
    assert deadline.paused == (day("2026-02-14"), day("2026-02-24"))
    assert deadline.due == day("2026-03-04")


def test_a_pause_that_ends_before_it_begins_is_refused(table) -> None:
    with pytest.raises(CalendarError, match="cannot end on 2026-06-01"):
        add_workdays(day("2026-06-05"), 7, table, pauses=[(day("2026-06-08"), day("2026-06-01"))])


def test_an_extension_cannot_take_days_away(table) -> None:
    with pytest.raises(CalendarError, match="0 or more"):
        add_workdays(day("2026-06-05"), 7, table, extra=-1)


def test_the_stored_form_of_an_interrupted_count(table) -> None:
    deadline = add_workdays(
        day("2026-06-05"), 1, table, extra=1, pauses=[(day("2026-06-08"), day("2026-06-08"))]
    )
    stored = deadline.to_json()
    assert stored["due"] == "2026-06-10"
    assert {name: stored[name] for name in ("extra", "pauses", "paused")} == {
        "extra": 1,
        "pauses": [["2026-06-08", "2026-06-08"]],
        "paused": ["2026-06-08"],
    }

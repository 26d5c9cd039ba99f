from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from zhitong.kernel.calendar import CalendarError, DayEntry, DayKind, DayTable, parse_year

MONDAY = date(2026, 3, 2)
SATURDAY = date(2026, 3, 7)
HOLIDAY = DayEntry(MONDAY, DayKind.HOLIDAY, "节日", "通知")
MAKEUP = DayEntry(SATURDAY, DayKind.MAKEUP, "节日", "通知")
TYPHOON = DayEntry(MONDAY, DayKind.LOCAL_OFF, "台风", "市政府通知")
DUTY = DayEntry(MONDAY, DayKind.LOCAL_ON, "防汛值守", "市政府通知")


def days(first: str, last: str) -> list[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [begin + timedelta(days=number) for number in range((end - begin).days + 1)]


# ---------------------------------------------------------------- the gazetted days

HOLIDAYS = {
    2024: [
        ("2024-01-01", "2024-01-01"),
        ("2024-02-10", "2024-02-17"),
        ("2024-04-04", "2024-04-06"),
        ("2024-05-01", "2024-05-05"),
        ("2024-06-10", "2024-06-10"),
        ("2024-09-15", "2024-09-17"),
        ("2024-10-01", "2024-10-07"),
    ],
    2025: [
        ("2025-01-01", "2025-01-01"),
        ("2025-01-28", "2025-02-04"),
        ("2025-04-04", "2025-04-06"),
        ("2025-05-01", "2025-05-05"),
        ("2025-05-31", "2025-06-02"),
        ("2025-10-01", "2025-10-08"),
    ],
    2026: [
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ],
}
WORKING_WEEKENDS = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}
RANGES = [pair for year in HOLIDAYS.values() for pair in year]
MAKEUPS = [f"{year}-{day}" for year, list_ in WORKING_WEEKENDS.items() for day in list_]


@pytest.mark.parametrize(("first", "last"), RANGES)
def test_listed_holidays_are_days_off(table, first, last) -> None:
    for day in days(first, last):
        assert table.kind(day) is DayKind.HOLIDAY, day
        assert not table.is_workday(day)
        assert table.name(day)


@pytest.mark.parametrize("day", MAKEUPS)
def test_listed_working_weekends_are_working_days(table, day) -> None:
    day = date.fromisoformat(day)
    assert day.weekday() >= 5
    assert table.kind(day) is DayKind.MAKEUP
    assert table.is_workday(day)
    assert table.name(day)


@pytest.mark.parametrize("year", HOLIDAYS)
def test_a_year_has_no_other_special_days(table, year) -> None:
    listed = {day for first, last in HOLIDAYS[year] for day in days(first, last)}
    listed |= {date.fromisoformat(f"{year}-{day}") for day in WORKING_WEEKENDS[year]}
    for day in days(f"{year}-01-01", f"{year}-12-31"):
        if day not in listed:
            assert table.kind(day) is (DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY), day
            assert table.name(day) == ""


def test_a_year_that_is_not_loaded_has_ordinary_weeks(table) -> None:
    assert table.is_loaded(2026)
    assert not table.is_loaded(2027)
    assert table.kind(date(2027, 1, 1)) is DayKind.WORKDAY
    assert table.kind(date(2027, 1, 2)) is DayKind.WEEKEND


# ---------------------------------------------------------------- which entry counts


@pytest.mark.parametrize("entries", list(itertools.permutations([HOLIDAY, MAKEUP, DUTY])))
def test_local_exceptions_outrank_gazetted_days_in_any_order(entries) -> None:
    table = DayTable.build(entries, [2026])
    assert table.kind(MONDAY) is DayKind.LOCAL_ON
    assert table.is_workday(MONDAY)
    assert table.name(MONDAY) == "防汛值守"
    assert table.kind(SATURDAY) is DayKind.MAKEUP


@pytest.mark.parametrize("kind", DayKind)
def test_which_kinds_work(kind) -> None:
    ordinary = {DayKind.WORKDAY: MONDAY, DayKind.WEEKEND: SATURDAY}
    day = ordinary.get(kind, MONDAY)
    table = DayTable.build([] if kind in ordinary else [DayEntry(day, kind)], [])
    assert table.kind(day) is kind
    assert table.is_workday(day) is (kind in {"workday", "makeup", "local_on"})


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([HOLIDAY, HOLIDAY], "2026-03-02 stands twice"),
        ([TYPHOON, HOLIDAY, DUTY], "2026-03-02 stands twice"),
        ([DayEntry(MONDAY, DayKind.WORKDAY)], "workday follows from the weekday"),
        ([DayEntry(SATURDAY, DayKind.WEEKEND)], "weekend follows from the weekday"),
        ([DayEntry(datetime(2026, 3, 2, tzinfo=UTC), DayKind.HOLIDAY)], "is a moment"),
    ],
)
def test_entries_that_contradict_each_other_are_refused(entries, says) -> None:
    with pytest.raises(CalendarError, match=says):
        DayTable.build(entries, [2026])


@pytest.mark.parametrize("ask", [DayTable.kind, DayTable.is_workday, DayTable.name])
def test_a_moment_is_no_day(table, ask) -> None:
    with pytest.raises(CalendarError, match="is a moment"):
        ask(table, datetime(2026, 2, 16, 9, 30, tzinfo=UTC))


def test_a_built_table_does_not_change(table) -> None:
    with pytest.raises(AttributeError):
        table.loaded = frozenset()
    with pytest.raises(TypeError):
        table.days[MONDAY] = HOLIDAY


# ---------------------------------------------------------------- reading a year


def row(**changed) -> dict:
    return {"date": date(2027, 1, 1), "kind": "holiday", "name": {"zh": "元旦", "en": "New Year"}, **changed}


def document(**changed) -> dict:
    return {"year": 2027, "source": "通知", "day": [row()], **changed}


def test_a_year_is_read() -> None:
    read = parse_year(document(day=[row(), row(date="2027-01-02", kind="makeup")]))
    assert read == (
        2027,
        [
            DayEntry(date(2027, 1, 1), DayKind.HOLIDAY, "元旦", "通知"),
            DayEntry(date(2027, 1, 2), DayKind.MAKEUP, "元旦", "通知"),
        ],
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({}, "needs a year"),
        ([], "needs a year"),
        (document(year="2027"), "needs a year"),
        (document(year=0, day=[]), "needs a year"),
        (document(year=20270, day=[]), "needs a year"),
        (document(source=None), "needs a year"),
        (document(day={}), "needs a year"),
        (document(day=["2027-01-01"]), "A day needs"),
        (document(day=[row(kind="feast")]), "A day needs"),
        (document(day=[row(name="元旦")]), "A day needs"),
        (document(day=[row(name={"zh": "元旦"})]), "A day needs"),
        (document(day=[row(date="2027-13-01")]), "2027-13-01 is no date"),
        (document(day=[row(date="20270101")]), "20270101 is no date"),
        (document(day=[row(date=20270101)]), "20270101 is no date"),
        (document(day=[row(date=datetime(2027, 1, 1))]), "2027-01-01 00:00:00 is no date"),
        (document(day=[row(date=date(2028, 1, 1))]), "2028-01-01 does not lie in 2027"),
        (document(day=[row(), row(kind="makeup")]), "A day of 2027 stands twice"),
        *[
            (document(day=[row(kind=kind)]), f"2027-01-01 is {kind}")
            for kind in ["local_off", "local_on", "workday", "weekend"]
        ],
    ],
)
def test_a_wrong_table_is_refused_with_a_sentence(wrong, says) -> None:
    with pytest.raises(CalendarError, match=says) as refused:
        parse_year(wrong)
    assert str(refused.value).endswith(".")

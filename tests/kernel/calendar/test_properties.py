"""What holds for every table and every count, against a plain definition of a working day."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhitong.kernel.calendar import (
    DayEntry,
    DayKind,
    DayTable,
    Deadline,
    add_natural_days,
    add_workdays,
    subtract_workdays,
    workdays_between,
)

# Around a year's end, few enough days that special ones are met.
FIRST, SPAN = date(2026, 12, 10), 42
ONE = timedelta(days=1)
WORKS = {"makeup": True, "local_on": True, "holiday": False, "local_off": False}
NAMES = st.sampled_from(["", "春节", "台风", "调休"])

dates = st.integers(0, SPAN).map(lambda number: FIRST + ONE * number)
counts = st.integers(0, 20)


def entries(*kinds: DayKind) -> st.SearchStrategy:
    return st.dictionaries(dates, st.tuples(st.sampled_from(kinds), NAMES), max_size=12).map(
        lambda chosen: {day: DayEntry(day, kind, name) for day, (kind, name) in chosen.items()}
    )


def world(parts):
    """Build a table and keep apart from it what its author said: gazetted days, local days, known years."""
    gazetted, local, known = parts
    return DayTable.build([*local.values(), *gazetted.values()], known), gazetted, local, known


worlds = st.tuples(
    entries(DayKind.HOLIDAY, DayKind.MAKEUP),
    entries(DayKind.LOCAL_OFF, DayKind.LOCAL_ON),
    st.sets(st.sampled_from([2026, 2027, 2028])),
).map(world)
tables = worlds.map(lambda world: world[0])


def works(day, gazetted, local) -> bool:
    """Say whether a day is a working day: the local word first, then the gazetted one, then the weekday."""
    entry = local.get(day) or gazetted.get(day)
    return WORKS[entry.kind.value] if entry else day.isoweekday() <= 5


def span(after, upto):
    """List the days after `after` up to and with `upto`."""
    return [after + ONE * number for number in range(1, (upto - after).days + 1)]


@given(worlds, dates, st.integers(1, 20))
def test_due_is_the_day_that_completes_the_count(world, start, days) -> None:
    table, gazetted, local, known = world
    deadline = add_workdays(start, days, table)
    working = [day for day in span(start, deadline.due) if works(day, gazetted, local)]
    assert len(working) == days
    assert working[-1] == deadline.due
    assert deadline.counted == tuple(working)
    assert deadline.provisional is any(day.year not in known for day in span(start, deadline.due))


@given(tables, dates, counts)
def test_due_is_a_working_day_and_not_before_the_start(table, start, days) -> None:
    deadline = add_workdays(start, days, table)
    assert table.is_workday(deadline.due)
    assert deadline.due >= start
    assert len(deadline.counted) == days


@given(tables, dates, st.integers(1, 20))
def test_every_day_up_to_due_is_counted_or_stepped_over(table, start, days) -> None:
    deadline = add_workdays(start, days, table)
    skipped = [day for day, _, _ in deadline.skipped]
    assert sorted([*deadline.counted, *skipped]) == span(start, deadline.due)
    assert list(deadline.counted) == sorted(deadline.counted)
    assert skipped == sorted(skipped)


@given(tables, dates, counts)
def test_reasons_are_those_of_the_table(table, start, days) -> None:
    deadline = add_workdays(start, days, table)
    for day, kind, name in (*deadline.skipped, *deadline.counted_reasons):
        assert (kind, name) == (table.kind(day), table.name(day))
    assert not any(table.is_workday(day) for day, _, _ in deadline.skipped)
    special = [day for day in deadline.counted if table.kind(day) is not DayKind.WORKDAY]
    assert [day for day, _, _ in deadline.counted_reasons] == special


@given(tables, dates, counts)
def test_more_days_are_due_later(table, start, days) -> None:
    sooner, later = (add_workdays(start, number, table) for number in (days, days + 1))
    if days or table.is_workday(start):
        assert sooner.due < later.due
    else:  # begun on a day off, no days and one day both mean the next working day
        assert sooner.due == later.due
    assert later.counted[:days] == sooner.counted


@given(tables, dates, dates, counts)
def test_a_later_start_is_never_due_sooner(table, one, other, days) -> None:
    first, second = sorted([one, other])
    assert add_workdays(first, days, table).due <= add_workdays(second, days, table).due


@given(worlds, dates, dates)
def test_workdays_between_counts_working_days(world, first, last) -> None:
    table, gazetted, local, _ = world
    plain = sum(works(day, gazetted, local) for day in span(first, last))
    plain -= sum(works(day, gazetted, local) for day in span(last, first))
    assert workdays_between(first, last, table) == plain
    assert workdays_between(last, first, table) == -plain


@given(tables, dates, st.integers(1, 20))
def test_workdays_between_undoes_adding(table, start, days) -> None:
    due = add_workdays(start, days, table).due
    assert workdays_between(start, due, table) == days
    assert workdays_between(start, due - ONE, table) == days - 1


@given(tables, dates, dates, dates)
def test_stretches_add_up(table, first, middle, last) -> None:
    parts = workdays_between(first, middle, table) + workdays_between(middle, last, table)
    assert workdays_between(first, last, table) == parts


@given(tables, dates, counts)
def test_the_last_day_to_ask_is_the_last_one(table, due, days) -> None:
    last = subtract_workdays(due, days, table)
    assert table.is_workday(last)
    assert workdays_between(last, due, table) >= days
    for later in span(last, due):
        assert not table.is_workday(later) or workdays_between(later, due, table) < days


@given(tables, dates, counts)
def test_subtracting_undoes_adding_from_a_working_day(table, start, days) -> None:
    begin = add_workdays(start, 0, table).due
    assert subtract_workdays(add_workdays(begin, days, table).due, days, table) == begin


@given(tables, dates, counts, dates)
def test_one_more_day_off_never_brings_a_deadline_forward(table, start, days, off) -> None:
    entries = {entry.date: entry for entry in table.days.values()}
    entries[off] = DayEntry(off, DayKind.LOCAL_OFF, "台风")
    after = DayTable.build(entries.values(), table.loaded)
    before, moved = add_workdays(start, days, table), add_workdays(start, days, after)
    assert moved.due >= before.due
    touched = off in before.counted or (days == 0 and off == before.due)
    assert (moved.due > before.due) is touched


@given(tables, dates, counts, st.sampled_from([add_workdays, add_natural_days]))
def test_plain_data_and_back(table, start, days, count) -> None:
    deadline = count(start, days, table)
    assert Deadline.from_json(json.loads(json.dumps(deadline.to_json()))) == deadline


@given(tables, dates, counts)
def test_natural_days_are_all_counted(table, start, days) -> None:
    deadline = add_natural_days(start, days, table)
    assert list(deadline.counted) == span(start, deadline.due)
    assert (deadline.due - start).days == days == len(deadline.counted)


pauses = st.lists(
    st.tuples(dates, st.integers(0, 9)).map(lambda pair: (pair[0], pair[0] + ONE * pair[1])), max_size=3
)


@given(worlds, dates, st.integers(1, 20), counts, pauses)
def test_a_pause_takes_no_day_and_gives_none(world, start, days, extra, pauses) -> None:
    table, gazetted, local, _ = world
    deadline = add_workdays(start, days, table, extra=extra, pauses=pauses)
    outside = [
        day
        for day in span(start, deadline.due)
        if works(day, gazetted, local) and not any(first <= day <= last for first, last in pauses)
    ]
    assert deadline.counted == tuple(outside)
    assert (len(outside), outside[-1]) == (days + extra, deadline.due)
    stood = [day for day in span(start, deadline.due) if works(day, gazetted, local) and day not in outside]
    assert deadline.paused == tuple(stood)
    assert Deadline.from_json(json.loads(json.dumps(deadline.to_json()))) == deadline


@given(tables, dates, counts, counts)
def test_an_extension_is_due_with_the_days_given_at_once(table, start, days, extra) -> None:
    extended, at_once = (
        add_workdays(start, days, table, extra=extra),
        add_workdays(start, days + extra, table),
    )
    assert (extended.due, extended.counted) == (at_once.due, at_once.counted)
    assert (extended.days, extended.extra) == (days, extra)


@given(dates, counts, pauses)
def test_calendar_days_pause_as_well(start, days, pauses) -> None:
    deadline = add_natural_days(start, days, DayTable(), pauses=pauses)
    if days:
        running = [day for day in span(start, deadline.due) if day not in deadline.paused]
        assert deadline.counted == tuple(running)
        assert len(running) == days
    assert not any(first <= day <= last for day in deadline.counted for first, last in pauses)

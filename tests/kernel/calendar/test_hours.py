"""Hours that run day and night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from zhitong.kernel.calendar import CalendarError, Deadline, add_hours

CITY = timezone(timedelta(hours=8))
NIGHT = datetime(2026, 10, 1, 15, 30, tzinfo=UTC)  # 23:30 of a public holiday in the city


def test_hours_run_through_the_night_and_through_holidays() -> None:
    found = add_hours(NIGHT, 1, CITY)
    assert (found.start, found.due, found.ends) == (
        date(2026, 10, 1),
        date(2026, 10, 2),
        NIGHT + timedelta(hours=1),
    )
    assert (found.unit, found.days, found.provisional, found.counted, found.skipped) == (
        "hour",
        1,
        False,
        (),
        (),
    )


def test_an_extension_adds_hours_and_a_pause_takes_whole_days_out() -> None:
    pause = (date(2026, 10, 2), date(2026, 10, 3))
    found = add_hours(NIGHT, 24, CITY, extra=2, pauses=[pause])
    assert found.ends == NIGHT + timedelta(hours=24 + 2 + 48)
    assert found.paused == pause


def test_a_day_that_two_pauses_share_is_lost_once() -> None:
    day = date(2026, 10, 2)
    assert add_hours(NIGHT, 1, CITY, pauses=[(day, day), (day, day)]).ends == NIGHT + timedelta(hours=25)


def test_hours_survive_being_stored() -> None:
    found = add_hours(NIGHT, 5, CITY, extra=1, pauses=[(date(2026, 10, 2), date(2026, 10, 2))])
    assert Deadline.from_json(found.to_json()) == found


@pytest.mark.parametrize("hours", [-1, 10**9])
def test_hours_that_cannot_be_counted_are_refused(hours: int) -> None:
    with pytest.raises(CalendarError):
        add_hours(NIGHT, hours, CITY)


def test_a_pause_does_not_end_before_it_begins() -> None:
    with pytest.raises(CalendarError):
        add_hours(NIGHT, 1, CITY, pauses=[(date(2026, 10, 3), date(2026, 10, 2))])

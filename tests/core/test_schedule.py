from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.core.threads import at_once
from tests.support.office import NOW
from zhitong.core import schedule, slots
from zhitong.core.models import ScheduleRun
from zhitong.core.slots import Slot

EVERY = timedelta(minutes=10)


class Job:
    """A schedule that counts its runs."""

    every = EVERY

    def __init__(self, note: str = "") -> None:
        self.note = note
        self.ran: list[datetime] = []

    def run(self, now: datetime) -> str:
        self.ran.append(now)
        if self.note == "fail":
            raise RuntimeError("no disk")
        return self.note


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Job]:
    found = {"first": Job("fail"), "second": Job("2 done"), "quiet": Job()}
    slot: Slot[Any] = Slot("schedules", slots.Schedule, "a test's own")
    for name, job in found.items():
        slot.fill(name, job)
    monkeypatch.setattr(slots, "schedules", slot)
    return found


@pytest.mark.parametrize(
    ("now", "every", "due"),
    [
        ("2026-06-05T09:07:00", timedelta(minutes=10), "2026-06-05T09:00:00"),
        ("2026-06-05T09:00:00", timedelta(minutes=10), "2026-06-05T09:00:00"),
        ("2026-06-05T09:00:04.999999", timedelta(seconds=5), "2026-06-05T09:00:00"),
        ("2026-06-05T23:59:00", timedelta(days=1), "2026-06-05T00:00:00"),
    ],
)
def test_due_times_are_whole_multiples(now: str, every: timedelta, due: str) -> None:
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, due)]
    assert schedule.due_time(moments[0], every) == moments[1]


def test_a_due_time_runs_once_however_often_the_ticker_comes(db, jobs: dict[str, Job]) -> None:
    schedule.tick(now=NOW)
    assert schedule.tick(now=NOW + EVERY - timedelta(microseconds=1)) == []
    assert [len(job.ran) for job in jobs.values()] == [1, 1, 1]
    schedule.tick(now=NOW + EVERY)
    assert [len(job.ran) for job in jobs.values()] == [2, 2, 2]


def test_a_ticker_that_was_away_runs_each_job_once(db, jobs: dict[str, Job]) -> None:
    schedule.tick(now=NOW)
    schedule.tick(now=NOW + timedelta(days=3, minutes=7))
    assert [len(job.ran) for job in jobs.values()] == [2, 2, 2]
    assert ScheduleRun.objects.filter(name="quiet").count() == 2


def test_notes_say_what_ran_and_a_failure_holds_nobody_up(db, jobs: dict[str, Job], caplog) -> None:
    with caplog.at_level(logging.CRITICAL, logger="zhitong.schedule"):
        notes = schedule.tick(now=NOW)
    assert notes == ["first: failed: RuntimeError: no disk", "second: 2 done"]
    run = ScheduleRun.objects.get(name="second")
    assert (run.due_at, run.started_at, run.finished_at, run.note) == (NOW, NOW, NOW, "2 done")
    assert len(jobs["quiet"].ran) == 1


def test_two_tickers_at_once_run_each_job_once(committed_db, jobs: dict[str, Job]) -> None:
    for turn in range(5):
        found = at_once(3, lambda _, turn=turn: schedule.tick(now=NOW + EVERY * turn))
        assert not [error for error in found if isinstance(error, Exception)]
        assert [len(job.ran) for job in jobs.values()] == [turn + 1] * 3
    assert ScheduleRun.objects.count() == 15


def test_old_runs_are_forgotten(db, jobs: dict[str, Job]) -> None:
    schedule.tick(now=NOW)
    assert schedule.prune(now=NOW, keep=timedelta(days=2)) == 0
    assert schedule.prune(now=NOW + timedelta(days=2, seconds=1), keep=timedelta(days=2)) == 3
    assert not ScheduleRun.objects.exists()

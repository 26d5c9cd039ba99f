"""Schedules that survive being run twice, late, or by two tickers at once."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from zhitong.core import slots
from zhitong.core.models import ScheduleRun

log = logging.getLogger("zhitong.schedule")

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def due_time(now: datetime, every: timedelta) -> datetime:
    """Return the latest due time at or before `now`; due times are whole multiples of the pause."""
    return EPOCH + (now - EPOCH) // every * every


def tick(*, now: datetime) -> list[str]:
    """Run each schedule whose present due time nobody has taken; return notes of what ran.

    A ticker that was away runs each schedule once, not once for every missed time: the jobs look at
    what is due, so one run catches up.
    """
    notes = []
    for name, schedule in slots.schedules.items():
        run = _take(name, due_time(now, schedule.every), now)
        if run is None:
            continue
        note = _run(name, schedule, now)
        ScheduleRun.objects.filter(pk=run.pk).update(finished_at=now, note=note[:300])
        if note:
            notes.append(f"{name}: {note}")
    return notes


def _run(name: str, schedule: slots.Schedule, now: datetime) -> str:
    try:
        return schedule.run(now)
    except Exception as error:
        # One schedule that fails must not keep the others from their time; its next due time tries again.
        log.exception("The schedule %s failed", name)
        return f"failed: {type(error).__name__}: {error}"


def _take(name: str, due_at: datetime, now: datetime) -> ScheduleRun | None:
    # Most ticks find their time taken: look before trying to write.
    if ScheduleRun.objects.filter(name=name, due_at=due_at).exists():
        return None
    try:
        with transaction.atomic():
            return ScheduleRun.objects.create(name=name, due_at=due_at, started_at=now)
    except IntegrityError:
        return None


def prune(*, now: datetime, keep: timedelta = timedelta(days=2)) -> int:
    """Forget runs older than `keep`; return how many."""
    deleted, _ = ScheduleRun.objects.filter(due_at__lt=now - keep).delete()
    return deleted

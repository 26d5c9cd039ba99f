"""Reports are made and handed out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.reports import figures
from zhitong.reports.models import Report

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department

LONGEST = 366  # days


@service("reports.make_report")
def make_report(
    work: Work, *, by: Actor, now: datetime, department: Department, kind: str, begin: date, end: date
) -> Report:
    """Count the figures of a unit over a period and keep them with the cases behind them."""
    permissions.require(by, "reports.make", department)
    if not 0 <= (end - begin).days < LONGEST:
        raise FieldError(
            "end", gettext_noop("Give a last day that is not before the first one, within a year.")
        )
    report = Report.objects.create(
        kind=kind, department=department, overseeing=figures.overseen(by, department), begin=begin, end=end,
        figures=figures.snapshot(by, department, begin, end, now), made_by_id=by.user, at=now,
    )  # fmt: skip
    work.record(report, unit=department.pk, begin=begin.isoformat(), end=end.isoformat())
    return report


@service("reports.note_report")
def note_report(work: Work, *, by: Actor, now: datetime, report: Report, form: str) -> None:
    """Leave an event that says who took a report out of the system."""
    del now
    permissions.require(by, "reports.hand_out", report)
    work.record(report, form=form)

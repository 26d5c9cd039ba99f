"""The tables of supervision."""

from __future__ import annotations

from zhitong.supervision.models.matters import Matter, MatterCase
from zhitong.supervision.models.measures import Measure
from zhitong.supervision.models.referrals import Referral
from zhitong.supervision.models.samples import Check, Sample
from zhitong.supervision.models.tasks import Line, Report, Task
from zhitong.supervision.models.weeks import WeekItem, WeekList

__all__ = [
    "Check",
    "Line",
    "Matter",
    "MatterCase",
    "Measure",
    "Referral",
    "Report",
    "Sample",
    "Task",
    "WeekItem",
    "WeekList",
]

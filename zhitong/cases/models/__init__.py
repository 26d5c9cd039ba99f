"""The tables of cases."""

from __future__ import annotations

from zhitong.cases.models.alarms import Alarm
from zhitong.cases.models.asks import Ask, Stage
from zhitong.cases.models.assists import Assist
from zhitong.cases.models.calls import Call
from zhitong.cases.models.case import Case
from zhitong.cases.models.categories import CategoryChoice
from zhitong.cases.models.charges import Charge
from zhitong.cases.models.history import Entry, Stretch
from zhitong.cases.models.presence import Presence
from zhitong.cases.models.soundings import Sounding

__all__ = [
    "Alarm",
    "Ask",
    "Assist",
    "Call",
    "Case",
    "CategoryChoice",
    "Charge",
    "Entry",
    "Presence",
    "Sounding",
    "Stage",
    "Stretch",
]

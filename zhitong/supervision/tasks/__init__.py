"""What follows in supervision: messages to people, and what happens when its time has come."""

from __future__ import annotations

from zhitong.supervision.tasks.matters import TellOfFalse, TellOfReferrals, TellOverdue, TellUnits
from zhitong.supervision.tasks.weeks import MakeWeeks, RemindWeeks, TellOfWeeks

__all__ = [
    "MakeWeeks",
    "RemindWeeks",
    "TellOfFalse",
    "TellOfReferrals",
    "TellOfWeeks",
    "TellOverdue",
    "TellUnits",
]

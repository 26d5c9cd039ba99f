"""What follows after commit and on time."""

from __future__ import annotations

from zhitong.cases.tasks.asking import SoundingsOver, TellOfSoundings
from zhitong.cases.tasks.ladders import ChaseCalls, Climb
from zhitong.cases.tasks.telling import CallOut, TellCallers, TellHelpers, TellPeople
from zhitong.cases.tasks.timing import Remind, RemindContact, RunOut

__all__ = [
    "CallOut",
    "ChaseCalls",
    "Climb",
    "Remind",
    "RemindContact",
    "RunOut",
    "SoundingsOver",
    "TellCallers",
    "TellHelpers",
    "TellOfSoundings",
    "TellPeople",
]

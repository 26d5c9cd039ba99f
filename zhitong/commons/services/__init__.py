"""Everything that changes a common problem; one function a verb."""

from __future__ import annotations

from zhitong.commons.services.deciding import Decided, confirm, dismiss
from zhitong.commons.services.finding import add, follow, propose
from zhitong.commons.services.keeping import MonthPlan, leave_out, set_month, take_in

__all__ = [
    "Decided",
    "MonthPlan",
    "add",
    "confirm",
    "dismiss",
    "follow",
    "leave_out",
    "propose",
    "set_month",
    "take_in",
]

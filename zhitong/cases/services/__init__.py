"""Everything that changes a case; one function a verb."""

from __future__ import annotations

from zhitong.cases.services.clocks import recompute_deadlines
from zhitong.cases.services.firms_steps import rate, supplement, withdraw
from zhitong.cases.services.handling import answer, approve, assign, hand_over, note, reject, start
from zhitong.cases.services.intake import (
    accept,
    close,
    close_unrated,
    dispatch,
    redispatch,
    return_for_supplement,
)
from zhitong.cases.services.moves import check_possible
from zhitong.cases.services.submitting import Draft, link_firm, submit

__all__ = [
    "Draft",
    "accept",
    "answer",
    "approve",
    "assign",
    "check_possible",
    "close",
    "close_unrated",
    "dispatch",
    "hand_over",
    "link_firm",
    "note",
    "rate",
    "recompute_deadlines",
    "redispatch",
    "reject",
    "return_for_supplement",
    "start",
    "submit",
    "supplement",
    "withdraw",
]

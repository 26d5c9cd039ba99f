"""Everything that can happen to a supervised matter."""

from __future__ import annotations

from zhitong.supervision.services.clocks import recompute_deadlines
from zhitong.supervision.services.handover import hand_over
from zhitong.supervision.services.matters import Word, instruct, order, transcribe
from zhitong.supervision.services.measures import Circular, Talk, circular, talk
from zhitong.supervision.services.referrals import Brief, decide, propose, withdraw_referral
from zhitong.supervision.services.samples import check, draw
from zhitong.supervision.services.steps import (
    cancel,
    clear,
    close_report,
    remind,
    report,
    send_back,
    sign,
    tell_overdue,
)
from zhitong.supervision.services.weeks import (
    add_to_week,
    make_week,
    monday_of,
    remind_week,
    say_why,
    take_off,
)

__all__ = [
    "Brief",
    "Circular",
    "Talk",
    "Word",
    "add_to_week",
    "cancel",
    "check",
    "circular",
    "clear",
    "close_report",
    "decide",
    "draw",
    "hand_over",
    "instruct",
    "make_week",
    "monday_of",
    "order",
    "propose",
    "recompute_deadlines",
    "remind",
    "remind_week",
    "report",
    "say_why",
    "send_back",
    "sign",
    "take_off",
    "talk",
    "tell_overdue",
    "transcribe",
    "withdraw_referral",
]

"""Everything that changes drafts; one function a verb."""

from __future__ import annotations

from zhitong.drafts.marks import Row, judge
from zhitong.drafts.services.changing import change, drop, restore
from zhitong.drafts.services.entering import Way, enter
from zhitong.drafts.services.mailing import Place, take_mail
from zhitong.drafts.services.receiving import Received, receive

__all__ = [
    "Place",
    "Received",
    "Row",
    "Way",
    "change",
    "drop",
    "enter",
    "judge",
    "receive",
    "restore",
    "take_mail",
]

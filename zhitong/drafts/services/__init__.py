"""Everything that changes drafts; one function a verb."""

from __future__ import annotations

from zhitong.drafts.marks import Row, judge
from zhitong.drafts.services.changing import change, drop, restore
from zhitong.drafts.services.entering import Way, enter
from zhitong.drafts.services.mailing import Place, take_mail
from zhitong.drafts.services.receiving import Received, receive
from zhitong.drafts.services.transcribing import ask_transcript, recognise, take_recording

__all__ = [
    "Place",
    "Received",
    "Row",
    "Way",
    "ask_transcript",
    "change",
    "drop",
    "enter",
    "judge",
    "receive",
    "recognise",
    "restore",
    "take_mail",
    "take_recording",
]

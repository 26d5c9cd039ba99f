"""Everything that changes templates, reports and how the ledger opens."""

from __future__ import annotations

from zhitong.reports.services.reports import make_report, note_report
from zhitong.reports.services.templates import (
    ReceivedTemplate,
    add_template,
    note_document,
    note_ledger,
    withdraw_template,
)
from zhitong.reports.services.views import keep_view

__all__ = [
    "ReceivedTemplate",
    "add_template",
    "keep_view",
    "make_report",
    "note_document",
    "note_ledger",
    "note_report",
    "withdraw_template",
]

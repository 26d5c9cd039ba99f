"""Tables that no single app owns."""

from __future__ import annotations

from zhitong.core.models.audit import AuditEvent, AuditSeal
from zhitong.core.models.calendar import CalendarDay, CalendarYear
from zhitong.core.models.uploads import Upload
from zhitong.core.models.work import IdempotencyKey, NumberSeries, OutboxMessage, ScheduleRun

__all__ = [
    "AuditEvent",
    "AuditSeal",
    "CalendarDay",
    "CalendarYear",
    "IdempotencyKey",
    "NumberSeries",
    "OutboxMessage",
    "ScheduleRun",
    "Upload",
]

"""Which unit is charged with a case and until when it is to take it up: written with each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.cases.models import Case, Charge
from zhitong.cases.services import clocks

if TYPE_CHECKING:
    from datetime import datetime

CHARGED, TAKEN = "dispatched", "handling"


def follow(before: Case, after: Case, now: datetime) -> None:
    """End the charge that a step ended and begin the one that it began; another person changes nothing."""
    if (before.state, before.accountable_id) == (after.state, after.accountable_id):
        return
    if before.state == CHARGED:
        Charge.objects.filter(case=before, ended_at__isnull=True).update(
            ended_at=now, taken=after.state == TAKEN
        )
    if after.state == CHARGED:
        due = clocks.take_up_due(sla_version=after.sla_version, kind=after.kind, now=now)
        Charge.objects.create(case=after, department=after.accountable, at=now, due_at=due)

"""Cases that the system would name to those who may lay one before a leader; it lays none before anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zhitong.cases import queries
from zhitong.cases.states import ladder, profiles
from zhitong.core.slots import LeaderMatter

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

BOUND = 100  # more than these nobody lays before a leader


def leader_matters(actor: Actor, now: datetime) -> list[LeaderMatter]:
    """The running cases in sight whose clock has climbed the last step of its ladder and still runs."""
    found = queries.running(actor).filter(confidential=False, due_at__lt=now)
    told: list[LeaderMatter] = []
    for version in profiles():
        if not ladder(version):
            continue
        last = found.filter(
            sla_version=version,
            alarms__role=ladder(version)[-1].role,
            alarms__clock=F("clock"),
            alarms__clock_started_at=F("clock_started_at"),
        )
        told += [
            LeaderMatter(case.pk, _("Overdue, and the last step of the ladder was told"))
            for case in last[:BOUND]
        ]
    return told

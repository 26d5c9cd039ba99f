"""What is taken out of the register leaves a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.core import permissions
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("enterprises.note_export")
def note_export(work: Work, *, by: Actor, now: datetime, what: str, columns: list[str]) -> None:
    """Leave an event that says who took a list of firms out of the system."""
    del now
    permissions.require(by, "enterprises.export")
    work.record("enterprises.enterprise", what=what, columns=columns)

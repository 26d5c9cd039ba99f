"""Finding entries that may be one firm, for somebody to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhitong.core import permissions, search
from zhitong.core.service import Work, service
from zhitong.enterprises.models import Enterprise, LikelyTwin
from zhitong.enterprises.queries import INDEX
from zhitong.enterprises.twins import BLOCK, LIKELY, core, likeness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor

MANY = 200  # firms that share the beginning of a core; more of them say nothing


@service("enterprises.find_twins")
def find_twins(work: Work, *, by: Actor, now: datetime, firms: Sequence[int]) -> int:
    """Propose for each of the firms those that look like it; pairs that were settled stay settled."""
    permissions.require(by, "enterprises.import_rows")
    found = []
    standing = Enterprise.objects.filter(merged_into__isnull=True)
    for pk, *firm in standing.filter(pk__in=firms).values_list("pk", "name", "address"):
        near = search.find(INDEX, core(firm[0])[:BLOCK], limit=MANY) or []
        for other, *text in standing.filter(pk__in=near).values_list("pk", "name", "address"):
            alike = likeness(tuple(firm), tuple(text)) if other != pk else 0
            if alike >= LIKELY:
                first, second = sorted([pk, other])
                found.append(LikelyTwin(first_id=first, second_id=second, likeness=alike, found_at=now))
    before = LikelyTwin.objects.count()
    LikelyTwin.objects.bulk_create(found, ignore_conflicts=True)
    proposed = LikelyTwin.objects.count() - before
    work.record("enterprises.likelytwin", firms=len(firms), proposed=proposed)
    return proposed

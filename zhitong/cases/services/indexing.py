"""Writing the words by which cases are found, outside the steps that change them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from zhitong.cases import finding
from zhitong.cases.models import Case
from zhitong.core import permissions, search
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

follow_firms = finding.follow_firms


@service("cases.reindex")
def reindex(work: Work, *, by: Actor, now: datetime) -> int:
    """Write the search index of all cases anew; return how many."""
    del now
    permissions.require(by, "cases.reindex")
    search.clear(finding.INDEX)
    rows = Case.objects.select_related("enterprise").order_by("pk").iterator(chunk_size=finding.BATCH)
    done = 0
    while cases := list(islice(rows, finding.BATCH)):
        finding.index(cases)
        done += len(cases)
    work.record("cases.case", indexed=done)
    return done

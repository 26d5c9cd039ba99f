"""How somebody's ledger opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import RefusedError
from zhitong.core.service import Work, service
from zhitong.reports.models import LedgerView
from zhitong.reports.states import QUERY

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("reports.keep_view")
def keep_view(work: Work, *, by: Actor, now: datetime, query: str) -> LedgerView:
    """Let the actor's ledger open with these filters and columns."""
    permissions.require(by, "reports.see_ledger")
    if len(query) > QUERY:
        raise RefusedError(gettext_noop("These filters are too long to be kept."))
    row, _ = LedgerView.objects.update_or_create(user_id=by.user, defaults={"query": query, "saved_at": now})
    work.record(row)
    return row

"""What every page knows: who acts, and whether this is the demo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from zhitong.core import permissions
from zhitong.core.actor import ANONYMOUS
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the values that base templates read."""
    actor = getattr(request, "actor", ANONYMOUS)
    return {
        "actor": actor,
        "demo": settings.DEMO,
        "may_see_register": permissions.may(actor, "enterprises.see_register"),
        "may_visit_back": permissions.may(actor, "feedback.see_visits"),
        "may_see_effects": permissions.may(actor, "feedback.see_effects"),
        "may_see_figures": permissions.may(actor, "feedback.see_figures"),
        "may_see_commons": permissions.may(actor, "commons.see"),
        "may_see_drafts": permissions.may(actor, "drafts.see"),
        "may_see_ledger": permissions.may(actor, "reports.see_ledger"),
        "may_see_reports": permissions.may(actor, "reports.see_reports"),
        "may_see_replies": permissions.may(actor, "replies.see"),
        "may_see_precedents": permissions.may(actor, "insight.see"),
        "may_keep_tokens": permissions.may(actor, "enterprises.keep_tokens"),
        "may_see_deliveries": permissions.may(actor, "notices.see_deliveries"),
        "unread_notices": org_queries.unread_count(actor),
    }

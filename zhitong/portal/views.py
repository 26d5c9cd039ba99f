"""The firm's face: home, messages, me."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, panels, slots
from zhitong.core.http import seen_at, signed_in
from zhitong.enterprises import queries as enterprise_queries
from zhitong.notices import queries as notice_queries
from zhitong.orgs import services as org_services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MESSAGES = 100


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The firm, the way to say what troubles it, and what the rooms have for it."""
    context = {
        "firms": enterprise_queries.own_firms(request.actor),
        "panels": panels.draw(slots.portal_panels, actor=request.actor, subject=None, now=clock.now()),
    }
    return render(request, "portal/home.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Messages to the person, newest first; POST marks those that were shown as read."""
    if request.method == "POST":
        org_services.read_notices(by=request.actor, now=clock.now(), seen=seen_at(request))
        return redirect("portal:notices")
    shown = notice_queries.own_notices(request.actor)[:MESSAGES]
    return render(request, "portal/notices.html", {"notices": shown, "now": clock.now()})


@signed_in
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The person, their firms, language and sign-out."""
    return render(request, "portal/me.html", {"firms": enterprise_queries.own_firms(request.actor)})

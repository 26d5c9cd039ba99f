"""The firm's face: home, messages, me."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.cases import pages as case_pages
from zhitong.cases import queries as case_queries
from zhitong.core import clock
from zhitong.core.http import signed_in
from zhitong.enterprises import queries as enterprise_queries
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 3
MESSAGES = 100


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The firm, its running cases, and what waits for a rating."""
    now = clock.now()
    running = case_queries.running(request.actor)
    shown = list(running.exclude(state="reviewed")[:SHOWN])
    context = {
        "firms": list(enterprise_queries.own_firms(request.actor)),
        "cards": [_card(request, case, now) for case in shown],
        "more": running.count() > len(shown),
        "to_rate": list(running.filter(state="reviewed")[:SHOWN]),
    }
    return render(request, "portal/home.html", context)


def _card(request: HttpRequest, case: Any, now: Any) -> dict[str, Any]:
    last = case_queries.entries(request.actor, case).exclude(text="").order_by("-id").first()
    return {
        "case": case,
        "clock": case_pages.clock(case, now),
        "steps": case_pages.steps(case),
        "last": last,
    }


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Messages to the person, newest first; POST marks them all as read."""
    if request.method == "POST":
        org_services.read_notices(by=request.actor, now=clock.now())
        return redirect("portal:notices")
    return render(request, "portal/notices.html", {"notices": org_queries.notices(request.actor)[:MESSAGES]})


@signed_in
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """The person, their firms, language and sign-out."""
    return render(request, "portal/me.html", {"firms": enterprise_queries.own_firms(request.actor)})

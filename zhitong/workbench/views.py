"""The office's desk: what to do next, and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.cases import pages as case_pages
from zhitong.cases import queries as case_queries
from zhitong.core import clock
from zhitong.core.http import signed_in
from zhitong.orgs import queries as org_queries
from zhitong.orgs import services as org_services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50
MESSAGES = 100
BOUND = 100  # counters stop here: 99+ says enough


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The cases on which this person has the next step, most urgent first."""
    now = clock.now()
    todo = case_queries.to_do(request.actor)
    page = Paginator(todo, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": case_pages.rows(page.object_list, now),
        "counters": _counters(request, now),
        "query": "",
    }
    return render(request, "workbench/home.html", context)


def _counters(request: HttpRequest, now: Any) -> dict[str, int]:
    """Bounded figures; each links to the list behind it."""
    running = case_queries.running(request.actor)
    return {
        "to_do": case_queries.to_do(request.actor)[:BOUND].count(),
        "running": running[:BOUND].count(),
        "late": running.filter(due_at__lt=now)[:BOUND].count(),
    }


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Messages to the person, newest first; POST marks them all as read."""
    if request.method == "POST":
        org_services.read_notices(by=request.actor, now=clock.now())
        return redirect("workbench:notices")
    shown = org_queries.notices(request.actor)[:MESSAGES]
    return render(request, "workbench/notices.html", {"notices": shown})

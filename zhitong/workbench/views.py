"""The office's desk: what to do next, messages, and the way to everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, panels, slots, undo
from zhitong.core.http import seen_at, signed_in
from zhitong.notices import queries as notice_queries
from zhitong.orgs import services as org_services
from zhitong.workbench.forms import FindForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MESSAGES = 100


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What this person does next, from every room."""
    page = request.GET.get("page")
    context = {"panels": panels.draw(slots.desk_panels, actor=request.actor, subject=page, now=clock.now())}
    return render(request, "workbench/home.html", context)


@signed_in
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What the person may open that fits some words: a page, or with `part` the piece for the palette."""
    form = FindForm(request.GET)
    sought = form.sought()
    found = panels.draw(slots.finders, actor=request.actor, subject=sought, now=clock.now())
    template = "workbench/_found.html" if "part" in request.GET else "workbench/find.html"
    return render(request, template, {"form": form, "sought": sought, "panels": found})


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """Messages to the person, newest first; POST marks those that were shown as read, or takes that back."""
    if request.method == "POST":
        return _mark(request)
    shown = notice_queries.own_notices(request.actor)[:MESSAGES]
    return render(request, "workbench/notices.html", {"notices": shown, "now": clock.now()})


def _mark(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    taken_back = parse_datetime(request.POST.get("read_at", "")[:40])
    if taken_back is not None and taken_back.tzinfo is not None:
        org_services.unread_notices(by=request.actor, now=now, read_at=taken_back)
        messages.success(request, _("The messages are unread again."))
    else:
        org_services.read_notices(by=request.actor, now=now, seen=seen_at(request))
        undo.say(request, _("Marked as read."), back=reverse("workbench:notices"), read_at=now.isoformat())
    return redirect("workbench:notices")

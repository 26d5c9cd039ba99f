"""Configuration screens: the duty roster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.core import clock, permissions
from zhitong.core.errors import NotPermittedError
from zhitong.core.http import finish, signed_in
from zhitong.orgs import queries, services
from zhitong.orgs.forms import DutyForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 100


@signed_in
@require_GET
def roster(request: HttpRequest) -> HttpResponse:
    """Who is on duty now and next, in every unit."""
    permissions.require(request.actor, "orgs.see_roster")
    now = clock.now()
    page = Paginator(queries.roster(since=now), PAGE).get_page(request.GET.get("page"))
    own = set(queries.rostered_units(request.actor).values_list("pk", flat=True))
    rows = [
        {"turn": turn, "now": turn.since <= now, "mine": turn.department_id in own}
        for turn in page.object_list
    ]
    return render(
        request, "orgs/roster.html", {"rows": rows, "page_obj": page, "query": "", "may_edit": bool(own)}
    )


@signed_in
@require_http_methods(["GET", "POST"])
def new_duty(request: HttpRequest) -> HttpResponse:
    """Put somebody on the roster."""
    now = clock.now()
    if not queries.rostered_units(request.actor).exists():
        raise NotPermittedError
    return finish(
        request,
        form=DutyForm(request.POST or None, actor=request.actor, now=now),
        perform=lambda given: services.add_duty(by=request.actor, now=now, **given),
        then="orgs:roster",
        template="orgs/form.html",
        heading=_("New turn on the duty roster"),
        back="orgs:roster",
    )


@signed_in
@require_POST
def remove_duty(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a turn off the roster."""
    duty = queries.get_duty(request.actor, pk)
    services.remove_duty(by=request.actor, now=clock.now(), duty=duty)
    messages.success(request, _("Removed."))
    return redirect("orgs:roster")

"""Configuration screens: the calendar of working days."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.core import clock, permissions, services
from zhitong.core import queries as core_queries
from zhitong.core.errors import FieldError
from zhitong.core.http import finish, signed_in
from zhitong.orgs.forms import LocalDayForm, YearForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LARGEST = 200_000  # bytes; a year's table has a few thousand


@signed_in
@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The special days of a year, and which years are loaded."""
    permissions.require(request.actor, "calendar.see")
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == len("2026") else 0
    year = year or clock.local_date(clock.now()).year
    context = {
        "year": year,
        "years": core_queries.calendar_years(),
        "days": core_queries.calendar_days(year),
        "may_edit": permissions.may(request.actor, "calendar.edit"),
    }
    return render(request, "orgs/calendar.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new_day(request: HttpRequest) -> HttpResponse:
    """Declare a local exception."""
    permissions.require(request.actor, "calendar.edit")
    return finish(
        request,
        form=LocalDayForm(request.POST or None),
        perform=lambda given: services.set_local_day(by=request.actor, now=clock.now(), **given),
        then="orgs:calendar",
        template="orgs/form.html",
        heading=_("Local exception"),
        back="orgs:calendar",
    )


@signed_in
@require_POST
def remove_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a local exception back."""
    permissions.require(request.actor, "calendar.edit")
    services.remove_local_day(by=request.actor, now=clock.now(), day=core_queries.local_day(pk))
    messages.success(request, _("The exception was removed and the deadlines were counted again."))
    return redirect("orgs:calendar")


@signed_in
@require_http_methods(["GET", "POST"])
def load_year(request: HttpRequest) -> HttpResponse:
    """Load the gazetted days of a year from a file."""
    permissions.require(request.actor, "calendar.edit")

    def perform(given: dict[str, Any]) -> None:
        document = _parsed(given["file"])
        services.load_year(by=request.actor, now=clock.now(), key=given["key"], document=document)

    return finish(
        request,
        form=YearForm(request.POST or None, request.FILES or None),
        perform=perform,
        then="orgs:calendar",
        template="orgs/form.html",
        heading=_("Load a year"),
        back="orgs:calendar",
    )


def _parsed(file: Any) -> dict[str, Any]:
    wrong = FieldError(
        "file", gettext_noop("This file is not a working-day table. Use the format of the delivered ones.")
    )
    if file.size > LARGEST:
        raise wrong
    try:
        document = tomllib.loads(file.read().decode("utf-8"))
        services.check_year(document)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    return document

"""How somebody likes to see the office's lists: views under a name of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhitong.core import clock, permissions, slots, undo
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.orgs import queries, services_lists
from zhitong.orgs.forms import SaveViewForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters and columns of a list under a name."""
    permissions.require(request.actor, "orgs.keep_views")
    form = SaveViewForm(request.POST)
    if form.is_valid():
        try:
            row = services_lists.save_view(by=request.actor, now=clock.now(), **form.cleaned_data)
        except FieldError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The view is kept. It stands above the list."))
            return redirect(_address(row.place, row.query))
    return _again(request, form)


def _again(request: HttpRequest, form: SaveViewForm) -> HttpResponse:
    place = request.POST.get("place", "")
    back = slots.lists[place].address if place in slots.lists.names() else "home"
    return render(request, "orgs/form.html", {"form": form, "heading": _("Keep this view"), "back": back})


def _address(place: str, query: str) -> str:
    return f"{reverse(slots.lists[place].address)}?{query or 'clear'}"


@signed_in
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view; its list is shown as it was."""
    view = queries.get_view(request.actor, pk)
    services_lists.delete_view(by=request.actor, now=clock.now(), view=view)
    undo.say(
        request,
        _("The view is deleted."),
        back=reverse("orgs:restore_view"),
        place=view.place,
        name=view.name,
        query=view.query,
    )
    return redirect(slots.lists[view.place].address)


@signed_in
@require_POST
def restore_view(request: HttpRequest) -> HttpResponse:
    """Take back that a view was forgotten."""
    permissions.require(request.actor, "orgs.keep_views")
    form = SaveViewForm(request.POST)
    if form.is_valid():
        try:
            row = services_lists.restore_view(by=request.actor, now=clock.now(), **form.cleaned_data)
        except FieldError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The view is back."))
            return redirect(_address(row.place, row.query))
    return _again(request, form)

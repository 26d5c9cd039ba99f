"""Importing a list in the browser: drop, say what the columns are, look, run, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.enterprises import exports, pages, queries, running, services
from zhitong.enterprises.forms.lists import ColumnsForm, DropForm
from zhitong.enterprises.words import ImportState

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 30
REFUSALS = 50


@signed_in
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Drop a list; below, what was brought in before."""
    permissions.require(request.actor, "enterprises.import")
    now = clock.now()
    form = DropForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = form.perform(by=request.actor, now=now)
        except FieldError as error:
            form.take_back(error)
        else:
            return redirect("enterprises:import", batch.pk)
    page = Paginator(queries.batches(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page_obj": page, "sources": queries.sources()}
    return render(request, "enterprises/imports.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: its columns and a look at what would happen, then its progress, then what came of it."""
    batch = queries.get_batch(request.actor, pk)
    permissions.require(request.actor, "enterprises.import")
    now = clock.now()
    context: dict[str, Any] = {"batch": batch, "percent": _percent(batch)}
    if batch.state == ImportState.READ:
        form = ColumnsForm(request.POST or None, batch=batch)
        look = "look" in request.POST
        if request.method == "POST" and form.is_valid() and not look:
            try:
                form.perform(by=request.actor, now=now)
            except FieldError as error:
                form.add_error(None, error.message)
            else:
                return redirect("enterprises:import", batch.pk)
        chosen = form.chosen() if form.is_bound and form.is_valid() else batch.columns
        region = form.cleaned_data["region"] if form.is_bound and form.is_valid() else ""
        context |= {"form": form, "look": running.preview(batch, chosen, region, now=now)}
    else:
        context["refusals"] = batch.refusals.all()[:REFUSALS]
    return render(request, "enterprises/import.html", context)


def _percent(batch: Any) -> int:
    if batch.state != ImportState.RUNNING or not batch.rows:
        return 100
    done = batch.created + batch.changed + batch.same + batch.refused
    return min(99, round(100 * done / batch.rows))


@signed_in
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a whole import back."""
    batch = queries.get_batch(request.actor, pk)
    services.undo_import(by=request.actor, now=clock.now(), batch=batch)
    messages.success(request, _("The import is being taken back."))
    return redirect("enterprises:import", batch.pk)


@signed_in
@require_GET
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows as a workbook, with their reasons, to be mended and dropped again."""
    batch = queries.get_batch(request.actor, pk)
    return exports.refused_rows(batch, now=clock.now())


@signed_in
@require_GET
def twins(request: HttpRequest) -> HttpResponse:
    """Entries that look like one firm, side by side."""
    permissions.require(request.actor, "enterprises.merge")
    return render(request, "enterprises/twins.html", {"twins": pages.twins(request.actor)})


@signed_in
@require_POST
def settle_twin(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of two entries that they are one firm, and which one stays, or that they are two."""
    twin = queries.get_twin(request.actor, pk)
    now, kept = clock.now(), request.POST.get("kept", "")
    pair = {str(firm.pk): firm for firm in (twin.first, twin.second)}
    if kept in pair:
        dropped = next(firm for key, firm in pair.items() if key != kept)
        reason = _("Alike by name and address (%(percent)d%%)") % {"percent": twin.likeness}
        services.merge(by=request.actor, now=now, kept=pair[kept], dropped=dropped, reason=reason)
        messages.success(request, _("Merged. It can be split again on the firm's page."))
    else:
        services.tell_apart(by=request.actor, now=now, twin=twin)
        messages.success(request, _("They stay two firms."))
    return redirect("enterprises:twins")

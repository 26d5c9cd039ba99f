"""Canned answers: the list, one with its preview, adding, changing, dropping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.cases import queries as case_queries
from zhitong.core import clock, permissions
from zhitong.core.http import finish, signed_in
from zhitong.core.paging import BoundedPaginator
from zhitong.insight import offering, queries
from zhitong.insight.forms import (
    AddCannedForm,
    CannedFilterForm,
    ChangeCannedForm,
    DropCannedForm,
    PreviewForm,
)

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50


@signed_in
@require_GET
def canned_list(request: HttpRequest) -> HttpResponse:
    """The canned answers that the reader may use."""
    permissions.require(request.actor, "insight.see")
    form = CannedFilterForm(request.GET, actor=request.actor)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = queries.narrowed_canned(queries.canned(request.actor), filters)
    page = BoundedPaginator(rows, PAGE).get_page(request.GET.get("page"))
    filtered = any(filters.values())
    context = {"form": form, "page_obj": page, "filtered": filtered}
    context["may_add"] = permissions.may(request.actor, "insight.keep_some")
    return render(request, "insight/canned.html", context)


@signed_in
@require_GET
def canned_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One canned answer, as it stands and as it reads for a case."""
    row = queries.get_canned(request.actor, pk)
    form = PreviewForm(request.GET)
    number = form.cleaned_data["case"].strip() if form.is_valid() else ""
    case = case_queries.visible(request.actor).filter(number=number).first() if number else None
    context = {
        "canned": row,
        "number": number,
        "case": case,
        "text": offering.canned_text(request.actor, row, case, clock.now()) if case else "",
        "may_keep": permissions.may(request.actor, "insight.keep", row),
    }
    return render(request, "insight/canned_answer.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def add_canned(request: HttpRequest) -> HttpResponse:
    """The form for another canned answer."""
    permissions.require(request.actor, "insight.keep_some")
    now = clock.now()
    form = AddCannedForm(request.POST or None, now=now, actor=request.actor)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=now),
        then="insight:canned",
        template="insight/canned_step.html",
        label=_("Add a canned answer"),
        canned=None,
        danger=False,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def change_canned(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that writes one anew."""
    row = queries.get_canned(request.actor, pk)
    permissions.require(request.actor, "insight.keep", row)
    now = clock.now()
    initial = {name: getattr(row, name) for name in ("title", "text", "version")}
    form = ChangeCannedForm(request.POST or None, now=now, initial=initial)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=now, canned=row),
        then="insight:canned_answer",
        then_args=(pk,),
        template="insight/canned_step.html",
        label=_("Change the canned answer"),
        canned=row,
        danger=False,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def drop_canned(request: HttpRequest, pk: int) -> HttpResponse:
    """The form that takes one out of the lists."""
    row = queries.get_canned(request.actor, pk)
    permissions.require(request.actor, "insight.keep", row)
    form = DropCannedForm(request.POST or None, initial={"version": row.version})
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), canned=row),
        then="insight:canned",
        template="insight/canned_step.html",
        label=_("Drop the canned answer"),
        canned=row,
        danger=True,
    )

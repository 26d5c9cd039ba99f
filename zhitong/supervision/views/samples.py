"""Closed cases drawn by lot and checked again: drawings, one drawing, one check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError, NotPermittedError
from zhitong.core.http import finish, signed_in
from zhitong.supervision import exports, queries
from zhitong.supervision.forms import CheckForm, DrawForm
from zhitong.supervision.states import Finding

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50


@signed_in
@require_http_methods(["GET", "POST"])
def sample_list(request: HttpRequest) -> HttpResponse:
    """The drawings, and the form for another one."""
    permissions.require(request.actor, "supervision.oversee")
    units = queries.drawing_units(request.actor)
    form = DrawForm(request.POST or None, actor=request.actor) if units else None
    if request.method == "POST":
        if form is None:
            raise NotPermittedError
        if form.is_valid():
            try:
                sample = form.perform(by=request.actor, now=clock.now())
            except FieldError as error:
                form.take_back(error)
            else:
                return redirect("supervision:sample", sample.pk)
    page = Paginator(queries.samples(request.actor).defer("numbers"), PAGE).get_page(request.GET.get("page"))
    return render(request, "supervision/samples.html", {"page_obj": page, "form": form})


@signed_in
@require_GET
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """How a drawing was made, and its cases with what was found."""
    found = queries.get_sample(request.actor, pk)
    rows = queries.checks(request.actor).filter(sample=found)
    wanted = request.GET.get("finding", "")
    if wanted == "open":
        rows = rows.filter(found_at__isnull=True)
    elif wanted == "done":
        rows = rows.filter(found_at__isnull=False)
    elif wanted in Finding.values:
        rows = rows.filter(finding=wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    for row in page.object_list:
        row.mine = row.found_at is None and permissions.may(request.actor, "supervision.check", row)
    context = {"sample": found, "page_obj": page, "finding": wanted, "count": len(found.numbers)}
    return render(request, "supervision/sample.html", context)


@signed_in
@require_GET
def population(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the numbers of all cases that could be drawn."""
    return exports.population(queries.get_sample(request.actor, pk))


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a check found."""
    row = queries.get_check(request.actor, pk)
    permissions.require(request.actor, "supervision.check", row)
    form = CheckForm(request.POST or None)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), check=row),
        then="supervision:sample",
        then_args=(row.sample_id,),
        template="supervision/check.html",
        check=row,
        had_a_hand=queries.took_part(request.actor, row.case),
    )

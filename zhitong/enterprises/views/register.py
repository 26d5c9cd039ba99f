"""The register: filters that stay, columns one chooses, views one keeps, export of exactly what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.core.kept import filters_of, keeps_filters
from zhitong.enterprises import columns, exports, queries
from zhitong.enterprises.forms.firms import NewFirmForm
from zhitong.enterprises.forms.register import FilterForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50
DROP = ("before", "page")  # what of an address is no filter


@signed_in
@require_GET
@keeps_filters("firms", drop=DROP)
def register(request: HttpRequest) -> HttpResponse:
    """The firms in sight, newest entry first; without any filter in the address, as one left it last time."""
    permissions.require(request.actor, "enterprises.see_register")
    today = clock.local_date(clock.now())
    form, found = filtered(request)
    shown = columns.chosen(request.GET.getlist("c"))
    look = queries.look(found, before=_before(request), limit=PAGE)
    query = filters_of(request, drop=DROP)
    context = {
        "form": form,
        "columns": shown,
        "all_columns": columns.choices(shown),
        "rows": columns.rows(look.firms, shown, today),
        "number": look.number,
        "many": look.many,
        "next": _next(request, look.firms) if look.more else "",
        "first": _before(request) is None,
        "query": query,
        "filtered": form.is_valid() and any(form.cleaned_data.values()),
        "may_register": permissions.may(request.actor, "enterprises.register"),
        "may_import": permissions.may(request.actor, "enterprises.import"),
        "may_merge": permissions.may(request.actor, "enterprises.merge"),
    }
    return render(request, "enterprises/list.html", context)


def filtered(request: HttpRequest) -> tuple[FilterForm, Any]:
    """Return the filter form and the firms that fit it."""
    today = clock.local_date(clock.now())
    form = FilterForm(request.GET, actor=request.actor, today=today)
    filters = form.cleaned_data if form.is_valid() else {}
    return form, queries.narrow(queries.visible(request.actor), filters, today)


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 18 else None  # noqa: PLR2004 - fits the database


def _next(request: HttpRequest, firms: list[Any]) -> str:
    kept = filters_of(request, drop=DROP)
    return urlencode([("before", firms[-1].pk)]) + (f"&{kept}" if kept else "")


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The firms that the screen lists, with the columns it shows, as a workbook; who took it is recorded."""
    permissions.require(request.actor, "enterprises.export")
    _form, found = filtered(request)
    shown = columns.chosen(request.GET.getlist("c"))
    return exports.workbook(found.rows, shown, now=clock.now(), by=request.actor)


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter a firm."""
    permissions.require(request.actor, "enterprises.register")
    form = NewFirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            firm = form.perform(by=request.actor, now=clock.now())
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("The firm is in the register."))
            return redirect("enterprises:detail", firm.pk)
    context = {"form": form, "heading": _("New firm"), "back": reverse("enterprises:list")}
    return render(request, "enterprises/form_staff.html", context)

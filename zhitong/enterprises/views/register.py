"""The register: filters that stay, columns one chooses, views one keeps, export of exactly what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.enterprises import columns, exports, queries, services
from zhitong.enterprises.forms.firms import NewFirmForm
from zhitong.enterprises.forms.register import FilterForm, SaveViewForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50
KEPT = "register"  # where the session keeps the last look at the register


@signed_in
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The firms in sight, newest entry first; without any filter in the address, as one left it last time."""
    permissions.require(request.actor, "enterprises.see_register")
    if not request.GET and request.session.get(KEPT):
        return redirect(f"{reverse('enterprises:list')}?{request.session[KEPT]}")
    today = clock.local_date(clock.now())
    form, found = filtered(request)
    shown = columns.chosen(request.GET.getlist("c"))
    look = queries.look(found, before=_before(request), limit=PAGE)
    query = _query(request)
    if request.session.get(KEPT, "") != query:
        request.session[KEPT] = query
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
        "views": queries.saved_views(request.actor),
        "save_form": SaveViewForm(initial={"query": query}),
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


def _query(request: HttpRequest) -> str:
    kept = [(name, value) for name, value in request.GET.lists() if name != "before"]
    return urlencode([(name, value) for name, values in kept for value in values if value])[:900]


def _next(request: HttpRequest, firms: list[Any]) -> str:
    return urlencode([("before", firms[-1].pk)]) + (f"&{_query(request)}" if _query(request) else "")


@signed_in
@require_GET
def clear(request: HttpRequest) -> HttpResponse:
    """Forget the filters."""
    permissions.require(request.actor, "enterprises.see_register")
    request.session.pop(KEPT, None)
    return redirect("enterprises:list")


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


@signed_in
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the present filters and columns under a name."""
    permissions.require(request.actor, "enterprises.see_register")
    form = SaveViewForm(request.POST)
    back = f"{reverse('enterprises:list')}?{request.POST.get('query', '')[:900]}"
    if form.is_valid():
        try:
            services.save_view(by=request.actor, now=clock.now(), **form.cleaned_data)
        except FieldError as error:
            form.add_error(error.field, error.message)
        else:
            messages.success(request, _("The view is kept. It stands above the filters."))
            return redirect(back)
    context = {"form": form, "heading": _("Keep this view"), "back": back}
    return render(request, "enterprises/form_staff.html", context)


@signed_in
@require_POST
def delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view."""
    view = queries.get_view(request.actor, pk)
    services.delete_view(by=request.actor, now=clock.now(), view=view)
    messages.success(request, _("The view is deleted."))
    return redirect("enterprises:list")

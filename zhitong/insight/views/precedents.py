"""Precedents: the list, one, its steps, and what a firm reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.cases import queries as case_queries
from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import finish, signed_in
from zhitong.core.paging import BoundedPaginator
from zhitong.insight import exports, pages, queries, services
from zhitong.insight.forms import STEP_FORMS, EditForm, FilterForm, MakeForm, UseForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50
LABELS = {
    "send": gettext_lazy("Hand it to a reviewer"),
    "publish": gettext_lazy("Publish"),
    "send_back": gettext_lazy("Send back for changes"),
    "renew": gettext_lazy("It still holds"),
    "withdraw": gettext_lazy("Withdraw the precedent"),
}


@signed_in
@require_GET
def precedent_list(request: HttpRequest) -> HttpResponse:
    """The precedents in sight, narrowed by filters that stay in the address."""
    permissions.require(request.actor, "insight.see")
    form, rows = _filtered(request)
    page = BoundedPaginator(rows, PAGE).get_page(request.GET.get("page"))
    page.object_list = pages.with_counts(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    filtered = any(form.cleaned_data.values()) if form.is_valid() else False
    context = {"form": form, "page_obj": page, "filtered": filtered, "query": query.urlencode()}
    return render(request, "insight/list.html", context)


def _filtered(request: HttpRequest) -> tuple[FilterForm, Any]:
    now = clock.now()
    form = FilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    return form, queries.narrowed(queries.visible(request.actor, now), filters, now).order_by("-pk")


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook."""
    permissions.require(request.actor, "insight.see")
    _form, rows = _filtered(request)
    return exports.workbook(rows, now=clock.now())


@signed_in
@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with which a precedent begins: prefilled from a case, without its names."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "insight.make", case)
    now = clock.now()
    services.check_source(case=case, now=now)
    begun = pages.begin(case, now)
    form = MakeForm(request.POST or None, now=now, initial=begun.initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = form.perform(by=request.actor, now=now, case=case)
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("insight:detail", pk=row.pk)
    context = {"case": case, "form": form, "taken": begun.taken, "before": begun.before}
    return render(request, "insight/make.html", context)


@signed_in
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One precedent, what was done with it, and what can be done."""
    permissions.require(request.actor, "insight.see")
    now = clock.now()
    row = queries.get_precedent(request.actor, pk, now)
    context = pages.detail(request.actor, row, now)
    context["buttons"] = [{"url": f"insight:{name}", "label": LABELS[name]} for name in context["steps"]]
    return render(request, "insight/detail.html", context)


@signed_in
@require_GET
def print_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One precedent on paper."""
    permissions.require(request.actor, "insight.see")
    row = queries.get_precedent(request.actor, pk, clock.now())
    return render(request, "insight/print.html", {"precedent": row})


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a draft anew."""
    now = clock.now()
    row = queries.get_precedent(request.actor, pk, now)
    permissions.require(request.actor, "insight.edit", row)
    names = ("title", "question", "answer", "basis", "category", "valid_until", "version")
    form = EditForm(request.POST or None, now=now, initial={name: getattr(row, name) for name in names})
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=now, precedent=row),
        then="insight:detail",
        then_args=(pk,),
        template="insight/step.html",
        precedent=row,
        label=_("Change the draft"),
        found=pages.names_left(row, now),
        whole=False,
    )


def step_view(name: str) -> Any:
    """Return the view of one step of a precedent."""

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        now = clock.now()
        row = queries.get_precedent(request.actor, pk, now)
        permissions.require(request.actor, f"insight.{name}", row)
        initial = {"version": row.version, "valid_until": pages.next_day(now)}
        form = STEP_FORMS[name](request.POST or None, initial=initial)
        return finish(
            request,
            form=form,
            perform=lambda _given: form.perform(by=request.actor, now=now, precedent=row),
            then="insight:detail",
            then_args=(pk,),
            template="insight/step.html",
            precedent=row,
            label=LABELS[name],
            found=pages.names_left(row, now),
            whole=True,
        )

    view.__name__ = f"step_{name}"
    return view


@signed_in
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Count that a precedent goes into the answer to a case, then show that answer's form with its text."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "insight.use", case)
    now = clock.now()
    form = UseForm(request.POST)
    if not form.is_valid():
        raise Http404
    row = queries.get_precedent(request.actor, form.cleaned_data["precedent"], now)
    services.use(by=request.actor, now=now, key=form.cleaned_data["key"], precedent=row, case=case)
    return redirect(f"{reverse('cases:answer', args=[pk])}?begin=insight.precedents:{row.pk}")


@signed_in
@require_http_methods(["GET", "POST"])
def solved(request: HttpRequest, pk: int) -> HttpResponse:
    """What a firm reads of a precedent; POST says that it answers its question."""
    now = clock.now()
    row = queries.get_precedent(request.actor, pk, now)
    permissions.require(request.actor, "insight.say_helped")
    if request.method == "POST":
        services.say_helped(by=request.actor, now=now, precedent=row)
        messages.success(request, _("Thank you. Tell us if it turns out otherwise."))
        return redirect("portal:home")
    return render(request, "insight/solved.html", {"precedent": row})

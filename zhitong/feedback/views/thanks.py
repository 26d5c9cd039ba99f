"""Thanks of firms: the form, taking back, the list and its workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.cases import queries as case_queries
from zhitong.core import clock, permissions
from zhitong.core.actor import Side
from zhitong.core.http import finish, signed_in
from zhitong.feedback import exports, queries, services
from zhitong.feedback.forms import ThanksFilterForm, ThanksForm, WithdrawThanksForm

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from zhitong.feedback.models import Thanks

PAGE = 50


def _base(request: HttpRequest) -> str:
    return "portal/page.html" if request.actor.side is Side.FIRM else "workbench/page.html"


@signed_in
@require_http_methods(["GET", "POST"])
def thank(request: HttpRequest, pk: int) -> HttpResponse:
    """Give thanks for a case, or enter those that a firm brought."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "feedback.give_thanks", case)
    now = clock.now()
    form = ThanksForm(
        request.POST or None, request.FILES or None, initial={"received_on": clock.local_date(now)}
    )
    return finish(
        request,
        form=form,
        perform=lambda given: services.give_thanks(by=request.actor, now=now, case=case, **given),
        then="cases:detail",
        then_args=(pk,),
        template="feedback/thank.html",
        case=case,
        base=_base(request),
        heading=gettext_lazy("Say thanks")
        if request.actor.side is Side.FIRM
        else gettext_lazy("Enter thanks of the firm"),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take thanks back."""
    row = queries.get_thanks(request.actor, pk)
    permissions.require(request.actor, "feedback.withdraw_thanks", row)
    return finish(
        request,
        form=WithdrawThanksForm(request.POST or None),
        perform=lambda given: services.withdraw_thanks(
            by=request.actor, now=clock.now(), thanks=row, **given
        ),
        then="cases:detail",
        then_args=(row.case_id,),
        template="feedback/thank.html",
        case=row.case,
        thanks=row,
        base=_base(request),
        heading=gettext_lazy("Take thanks back"),
    )


@signed_in
@require_GET
def thanks_list(request: HttpRequest) -> HttpResponse:
    """Thanks for the cases in sight, with counts that open their rows."""
    permissions.require(request.actor, "feedback.see_thanks")
    every, form, found = _found(request)
    kept = request.GET.copy()
    kept.pop("page", None)
    standing = every.filter(withdrawn_at__isnull=True)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "form": form,
        "query": kept.urlencode(),
        "counts": {
            "firm": standing.filter(by_unit=False).count(),
            "unit": standing.filter(by_unit=True).count(),
            "withdrawn": every.filter(withdrawn_at__isnull=False).count(),
        },
    }
    return render(request, "feedback/thanks.html", context)


@signed_in
@require_GET
def thanks_export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook."""
    permissions.require(request.actor, "feedback.see_thanks")
    _every, _form, found = _found(request)
    return exports.thanks(found, clock.local_date(clock.now()), actor=request.actor)


def _found(request: HttpRequest) -> tuple[QuerySet[Thanks], ThanksFilterForm, QuerySet[Thanks]]:
    """All thanks in sight, the filters of the address, and what they leave."""
    every = queries.thanks(request.actor)
    leads = every.order_by("case__lead__name").values_list("case__lead", "case__lead__name").distinct()
    form = ThanksFilterForm(request.GET, departments=list(leads))
    return every, form, queries.sifted(every, form.cleaned_data if form.is_valid() else {})

"""What needs a leader: the list, the brief of one case, and the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.cases import queries as case_queries
from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.supervision import queries
from zhitong.supervision.forms import REFERRAL_FORMS, ProposeForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50
LABELS = {
    "decide": gettext_lazy("Give the decision"),
    "withdraw_referral": gettext_lazy("Withdraw the proposal"),
}


@signed_in
@require_GET
def leader_list(request: HttpRequest) -> HttpResponse:
    """What lies before leaders, open ones first, and what the system would name to those who may propose."""
    permissions.require(request.actor, "supervision.see")
    page = Paginator(queries.referrals(request.actor), PAGE).get_page(request.GET.get("page"))
    found = queries.candidates(request.actor, clock.now())
    candidates = [row for row in found if permissions.may(request.actor, "supervision.propose", row["case"])]
    return render(request, "supervision/leader.html", {"page_obj": page, "candidates": candidates})


@signed_in
@require_GET
def referral(request: HttpRequest, pk: int) -> HttpResponse:
    """The brief of one case, on screen and on paper."""
    row = queries.get_referral(request.actor, pk)
    steps = [name for name in LABELS if row.state == "open" and _may(request, name, row)]
    buttons = [{"name": f"supervision:{name}", "label": LABELS[name]} for name in steps]
    instruct = "decide" in steps and permissions.may(request.actor, "supervision.instruct")
    seen = queries.visible(request.actor).filter(pk=row.matter_id).exists()
    context = {"referral": row, "buttons": buttons, "instruct": instruct, "seen": seen}
    return render(request, "supervision/referral.html", context)


def _may(request: HttpRequest, name: str, row: Any) -> bool:
    return permissions.may(request.actor, f"supervision.{name}", row)


@signed_in
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with which somebody lays a case before a leader."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "supervision.propose", case)
    now = clock.now()
    form = ProposeForm(request.POST or None, case=case, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            row = form.perform(by=request.actor, now=now)
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("It lies before the leader now."))
            return redirect("supervision:referral", pk=row.pk)
    return render(request, "supervision/propose.html", {"case": case, "form": form})


def referral_view(name: str) -> Any:
    """Return the view of one step of what lies before a leader."""

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row = queries.get_referral(request.actor, pk)
        permissions.require(request.actor, f"supervision.{name}", row)
        form = REFERRAL_FORMS[name](request.POST or None, referral=row)
        if request.method == "POST" and form.is_valid():
            try:
                form.perform(by=request.actor, now=clock.now())
            except FieldError as error:
                form.take_back(error)
            else:
                messages.success(request, _("Done."))
                return redirect("supervision:referral", pk=pk)
        context = {"referral": row, "form": form, "label": LABELS[name]}
        return render(request, "supervision/referral_step.html", context)

    view.__name__ = f"referral_{name}"
    return view

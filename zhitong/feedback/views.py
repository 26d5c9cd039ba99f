"""The rating page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.feedback.forms import RatingForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer once more, and the stars."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.rate", case)
    form = RatingForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.actor, now=clock.now(), case=case)
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("Thank you. Your rating was received."))
            return redirect("cases:detail", pk=pk)
    # Not before: a form sent twice must still find its first result.
    case_services.check_possible(by=request.actor, case=case, action="rate")
    return render(request, "feedback/rate.html", {"case": case, "form": form})

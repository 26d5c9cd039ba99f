"""Keys of other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.enterprises import queries, services
from zhitong.enterprises.forms.tokens import TokenForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """All keys, and a form for another; its text is shown on the answer and nowhere else."""
    permissions.require(request.actor, "enterprises.keep_tokens")
    now = clock.now()
    form = TokenForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "secret": "", "now": now}
    if request.method == "POST" and form.is_valid():
        try:
            made = form.perform(by=request.actor, now=now)
        except FieldError as error:
            form.take_back(error)
        else:
            context |= {"secret": made.secret, "form": TokenForm()}
    return render(request, "enterprises/tokens.html", {**context, "tokens": queries.tokens()})


@signed_in
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a key worthless."""
    permissions.require(request.actor, "enterprises.keep_tokens")
    row = queries.tokens().filter(pk=pk).first()
    if row is None:
        raise Http404
    services.withdraw_token(by=request.actor, now=clock.now(), token=row)
    messages.success(request, _("The key opens nothing any more."))
    return redirect("enterprises:tokens")

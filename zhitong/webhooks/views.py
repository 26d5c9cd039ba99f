"""Subscriptions of programs: beside their keys, kept by whoever keeps those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import KEYS, signed_in, whole
from zhitong.webhooks import queries, services
from zhitong.webhooks.forms import SubscriptionForm
from zhitong.webhooks.states import topics

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.webhooks.models import Subscription

PAGE = 50


@signed_in
@require_http_methods(["GET", "POST"])
def subscriptions(request: HttpRequest) -> HttpResponse:
    """All subscriptions, and a form for another; its secret is shown on the answer and nowhere else."""
    permissions.require(request.actor, "webhooks.keep")
    now = clock.now()
    form = SubscriptionForm(request.POST or None, actor=request.actor, now=now)
    context: dict[str, Any] = {"form": form, "secret": ""}
    if request.method == "POST" and form.is_valid():
        try:
            made = form.perform()
        except FieldError as error:
            form.take_back(error)
        else:
            fresh = SubscriptionForm(actor=request.actor, now=now)
            context |= {"secret": queries.secrets_of(made, now)[0], "form": fresh}
    rows = queries.visible(request.actor)
    return render(request, "webhooks/subscriptions.html", {**context, "rows": rows, "labels": topics()})


@signed_in
@require_GET
def subscription(request: HttpRequest, pk: int) -> HttpResponse:
    """One subscription with what it was told, newest first."""
    permissions.require(request.actor, "webhooks.keep")
    return _one(request, queries.get_subscription(request.actor, pk))


def _one(request: HttpRequest, row: Subscription, secret: str = "") -> HttpResponse:
    before = whole(request.GET.get("before", ""), below=KEYS)
    told = queries.deliveries(request.actor, row)
    found = list((told.filter(pk__lt=before) if before is not None else told)[: PAGE + 1])
    context = {
        "row": row,
        "labels": [label for name, label in topics().items() if name in row.topics],
        "deliveries": found[:PAGE],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "secret": secret,
    }
    return render(request, "webhooks/subscription.html", context)


@signed_in
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a subscription on or off."""
    permissions.require(request.actor, "webhooks.keep")
    row = queries.get_subscription(request.actor, pk)
    services.switch(by=request.actor, now=clock.now(), subscription=row, on=request.POST.get("on") == "1")
    messages.success(request, _("Saved."))
    return redirect("webhooks:subscription", pk)


@signed_in
@require_POST
def renew_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a subscription a new secret, shown on the answer and nowhere else."""
    permissions.require(request.actor, "webhooks.keep")
    now = clock.now()
    row = services.renew_secret(
        by=request.actor, now=now, subscription=queries.get_subscription(request.actor, pk)
    )
    return _one(request, row, queries.secrets_of(row, now)[0])


@signed_in
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Have something told again."""
    permissions.require(request.actor, "webhooks.keep")
    row = services.resend(by=request.actor, now=clock.now(), delivery=queries.get_delivery(request.actor, pk))
    messages.success(request, _("It is told again."))
    return redirect("webhooks:subscription", row.subscription_id)

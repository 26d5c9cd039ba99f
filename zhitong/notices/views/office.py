"""What left the system, for the system administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhitong.core import clock, permissions
from zhitong.core.http import signed_in
from zhitong.core.phones import mask
from zhitong.notices import queries, services
from zhitong.notices.forms import FilterForm, RetryForm
from zhitong.notices.states import Channel, State

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.notices.models import Delivery

PAGE = 50


@signed_in
@require_GET
def deliveries(request: HttpRequest) -> HttpResponse:
    """Counts by way and state, and a list without words and with masked numbers."""
    permissions.require(request.actor, "notices.see_deliveries")
    form = FilterForm(request.GET)
    given = form.cleaned_data if form.is_valid() else {"channel": "", "state": ""}
    rows = queries.narrowed(queries.deliveries(request.actor), given["channel"], given["state"])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    counted = queries.counts(request.actor)
    context = {
        "form": form,
        "page_obj": page,
        "listed": [(row, masked(row)) for row in page],
        "states": State.labels,
        "counts": [_counts(way, counted) for way in Channel],
    }
    return render(request, "notices/deliveries.html", context)


def _counts(way: Channel, counted: dict[tuple[str, str], int]) -> dict[str, Any]:
    failed = counted.get((way, State.FAILED), 0)
    return {
        "label": way.label,
        "numbers": [(state, way.value, counted.get((way, state), 0)) for state in State.values],
        "retry": RetryForm(initial={"channel": way.value}, auto_id=f"{way}_%s") if failed else None,
    }


def masked(row: Delivery) -> str:
    """Return enough of a number or an address to know it again; nothing of a WeChat account."""
    user = row.notice.user
    if row.channel == Channel.SMS:
        return mask(user.phone) if user.phone else ""
    kept = getattr(user, "preference", None)
    if row.channel != Channel.EMAIL or kept is None:
        return ""
    name, at, domain = queries.address_of(kept).rpartition("@")
    return f"{name[:1]}***{at}{domain}" if at else ""


@signed_in
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """Try again what failed on one way."""
    form = RetryForm(request.POST)
    if not form.is_valid():
        raise Http404
    done = services.retry(by=request.actor, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("Messages that are tried again: %(count)s.") % {"count": done or 0})
    return redirect("notices:deliveries")

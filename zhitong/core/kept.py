"""Filters that stay: coming back to a list shows it as it was left, for as long as one is signed in."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from zhitong.core.actor import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

LONGEST = 900  # signs of filters that are worth keeping
CLEAR = "clear"  # in an address: forget what was kept
OK = 200


def keeps_filters(
    name: str, *, drop: tuple[str, ...] = ("page",)
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Make the view of an office's list remember its last filters in the session, under the list's name.

    An address with filters always wins and is what is remembered; the bare address leads to the remembered
    ones. `drop` names what is no filter: pages, and what may be gone the next time.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor.side is not Side.STAFF:
                return view(request, *args, **kwargs)
            place = f"kept:{name}"
            if CLEAR in request.GET:
                request.session.pop(place, None)
                return HttpResponseRedirect(request.path)
            kept = request.session.get(place, "")
            if kept and not request.GET:
                return HttpResponseRedirect(f"{request.path}?{kept}")
            response = view(request, *args, **kwargs)
            query = filters_of(request, drop=drop)
            if response.status_code == OK and query != kept:
                request.session[place] = query
            return response

        return wrapped

    return decorate


def filters_of(request: HttpRequest, *, drop: tuple[str, ...] = ("page",)) -> str:
    """Return the filters of an address in one form: without pages and without what was left empty."""
    pairs = [
        (name, value)
        for name, values in request.GET.lists()
        if name not in (*drop, CLEAR)
        for value in values
        if value
    ]
    query = urlencode(pairs)
    return query if len(query) <= LONGEST else ""

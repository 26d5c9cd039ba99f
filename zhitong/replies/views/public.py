"""The one page that a unit without accounts sees: what is asked, a form, a receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core.internal.httpkit import get_client_ip
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from zhitong.core import clock
from zhitong.core.actor import outside
from zhitong.core.errors import FieldError, RefusedError
from zhitong.replies import queries, services
from zhitong.replies.forms import LinkReplyForm
from zhitong.replies.permissions import scope
from zhitong.replies.states import rule

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from zhitong.replies.models import ReplyLink

LONGEST = 80  # signs of a token; a longer text is none


@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked and the form; only sending the form uses the link up, since chats open links unasked.

    A wrong, expired, used or revoked link is answered alike, so that trying teaches nothing.
    """
    now = clock.now()
    address = get_client_ip(request) or ""
    if services.too_many(address=address, token=token, now=now):
        context = {"minutes": rule("minutes")}
        return _closed(render(request, "replies/public_wait.html", context, status=429))
    link = queries.link_of(token) if len(token) <= LONGEST else None
    if link is None:
        services.count_wrong(address=address, token=token, now=now)
        return _gone(request)
    return _answer(request, link, now)


def _answer(request: HttpRequest, link: ReplyLink, now: datetime) -> HttpResponse:
    matter = queries.matter_of(link)
    form = LinkReplyForm(request.POST or None, request.FILES or None, matter=matter)
    works = queries.works(link, now)
    if not works and link.used_at is None:
        return _gone(request)
    if request.method == "POST" and form.is_valid():  # a used link, too: a form sent twice finds its receipt
        unit = outside(link.department.name, scope(link.pk))
        try:
            kept = form.perform(by=unit, now=now, link=link)
        except FieldError as error:
            form.take_back(error)
        except RefusedError:
            return _gone(request)
        else:
            return _closed(render(request, "replies/public_receipt.html", {"reply": kept}))
    if not works:
        return _gone(request)
    if request.method == "GET":
        services.note_opening(link=link, now=now)
    context: dict[str, Any] = {"matter": matter, "link": link, "form": form}
    return _closed(render(request, "replies/public.html", context))


def _gone(request: HttpRequest) -> HttpResponse:
    return _closed(render(request, "replies/public_gone.html", status=404))


def _closed(response: HttpResponse) -> HttpResponse:
    """Keep the page out of caches, searches and other sites' logs.

    The address holds the token. "same-origin" and not "no-referrer": with the latter browsers send the form
    with an origin of "null", which the check against forged forms rightly refuses.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response

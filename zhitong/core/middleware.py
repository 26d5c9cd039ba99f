"""What every request passes: who acts, what was left in the audit log, how a refusal looks, which headers."""

from __future__ import annotations

import uuid
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.functional import SimpleLazyObject

from zhitong.core import audit, clock, slots, styles
from zhitong.core.actor import ANONYMOUS, Actor, Side
from zhitong.core.errors import RefusedError
from zhitong.core.service import events_written

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Handler = Callable[[HttpRequest], HttpResponse]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OK_BELOW = 400
WRITTEN = ("text", "reason", "message", "comment")
REDIRECT = 300
PLACE = 80  # characters of an address that the log keeps
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "style-src 'self' {styles}; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


@cache
def policy() -> str:
    """Return the content policy; of what stands in a page it allows the portal's own style sheets alone."""
    return POLICY.format(styles=styles.bundle().source)


def build_actor(user: Any, request_id: str = "") -> Actor:
    """Return the actor for a signed-in user, with what each room knows about them."""
    if not user.is_authenticated:
        return Actor(side=Side.ANONYMOUS, label=ANONYMOUS.label, request_id=request_id)
    now = clock.now()
    known: dict[str, Any] = {}
    for source in slots.actor_sources:
        known.update(source(user, now))
    # Somebody with a post is staff, whatever firms they may sit in: the office decides the screens.
    side = Side.STAFF if known.get("posts") else Side.FIRM
    return Actor(side=side, user=user.pk, label=user.name, request_id=request_id, **known)


class ActorMiddleware:
    """Sets `request.actor` and an id that ties log lines and audit events together."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request its actor, worked out when first asked for."""
        request.actor = SimpleLazyObject(lambda: build_actor(request.user, request.request_id))
        return self.get_response(request)


class AuditMiddleware:
    """Leaves an event for every changing request that no service wrote one for, refusals and failures too."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count the events of this request; write one if a changing request left none."""
        request.request_id = uuid.uuid4().hex
        token = events_written.set(0)
        try:
            response = self.get_response(request)
            reading = request.method in SAFE or getattr(request, "only_reads", False)
            if not reading and not events_written.get():
                self._record(request, response)
        finally:
            events_written.reset(token)
        return response

    def _record(self, request: HttpRequest, response: HttpResponse) -> None:
        actor = getattr(request, "actor", None)
        audit.append(
            by=actor if actor is not None else ANONYMOUS,
            now=clock.now(),
            action=_name(request),
            target=_place(request),
            result="done" if _said_yes(response) else "refused",
            facts={"status": response.status_code, "method": request.method},
        )


def _said_yes(response: HttpResponse) -> bool:
    """A redirect is how a form says yes; a page shown again is how it says no, and so is "sign in first"."""
    way = urlsplit(response.headers.get("Location", ""))
    signs_in = way.path == resolve_url(settings.LOGIN_URL) and REDIRECT_FIELD_NAME in parse_qs(way.query)
    return REDIRECT <= response.status_code < OK_BELOW and not signs_in


def _name(request: HttpRequest) -> str:
    try:
        return f"http.{resolve(request.path_info).view_name}"[:60]
    except Resolver404:
        return "http.unknown"


def _place(request: HttpRequest) -> str:
    """The address, which names what it was about, without what only its holder may know (a one-time key)."""
    place = request.path_info
    try:
        given = resolve(place).kwargs.values()
    except Resolver404:
        given = ()
    for value in given:
        if isinstance(value, str):
            place = place.replace(value, "*")
    return place[:PLACE]


class RefusalMiddleware:
    """Shows a refusal raised by a service as a page that says what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a refusal into a page with its status; anything else is not ours."""
        if not isinstance(exception, RefusedError):
            return None
        last = getattr(exception, "last", None)
        context = {
            "refusal": exception,
            "last": last,
            # The page of the step is over with the step: what happened last knows where the matter is shown.
            "place": last.get_absolute_url() if last is not None else request.path,
            "written": _written(request),
        }
        return render(request, "refused.html", context, status=exception.status)


def _written(request: HttpRequest) -> list[str]:
    """What the person wrote in the refused form, so that nobody has to write it twice."""
    return [value for name, value in request.POST.items() if name in WRITTEN and value.strip()]


class SecurityHeadersMiddleware:
    """Adds the content policy and the headers Django does not set itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers unless a view has set its own."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

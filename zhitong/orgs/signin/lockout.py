"""Lockout by axes: five wrong tries for a name from an address close that pair for a quarter of an hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.core.internal.httpkit import get_client_ip
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.shortcuts import render

from zhitong.orgs.signin import accounts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from zhitong.orgs.models import User

LONGEST_NAME = 64


def account_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the name under which tries are counted: one an account, whatever way of writing was tried."""
    del request
    typed = str((credentials or {}).get("username") or "")
    user = accounts.find(typed)
    return user.username.casefold() if user else typed.strip().casefold()[:LONGEST_NAME]


def address(request: HttpRequest) -> str | None:
    """Return the client's address; behind a proxy, the one that the proxy saw."""
    return get_client_ip(request)


def allowed(request: HttpRequest, user: User) -> bool:
    """Whether this account may try from this address; if not, axes answers the request."""
    if AxesProxyHandler.is_allowed(request, {"username": user.username}):
        return True
    request.axes_locked_out = True
    return False


def count_failure(request: HttpRequest, user: User) -> None:
    """Count a wrong second factor as a failed sign-in."""
    credentials = {"username": user.username, "step": "second_factor"}
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)


def locked_out(
    request: HttpRequest, original: HttpResponse | None = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Say kindly that there were too many tries, and when to come back."""
    del original, credentials
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "account/locked_out.html", {"minutes": minutes}, status=429)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer to somebody who sends too fast; the handler429 of the address table."""
    return render(request, "account/locked_out.html", {"minutes": 1}, status=429)

"""Officers reach nothing before their second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from zhitong.orgs.signin import second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

# Setting the second factor up, what that asks for on its way, and the way out.
OPEN = frozenset(
    {
        "mfa_activate_totp",
        "account_reauthenticate",
        "account_logout",
        "set_language",
        "health",
    }
)


class SecondFactorMiddleware:
    """Sends officers without a second factor to its set-up, sessions that never gave it to sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Stand in front of every page but those needed to set the second factor up."""
        del view, args, kwargs
        user = request.user
        if not user.is_authenticated or not user.needs_second_factor:
            return None
        if request.resolver_match.view_name in OPEN or second_factor.vouched(request):
            return None
        if second_factor.app_of(user) is None:
            return _elsewhere(request, redirect("mfa_activate_totp"))
        # Signed in before the app was set up on another device, or with one that is gone since.
        logout(request)
        messages.info(request, _("Please sign in again, with your second factor."))
        target = request.get_full_path() if request.method == "GET" else "/"
        return _elsewhere(request, redirect_to_login(target))


def _elsewhere(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let a part of a page that is loaded by htmx move the whole page."""
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": response["Location"]})
    return response

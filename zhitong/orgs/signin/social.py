"""Accounts elsewhere (an OpenID Connect provider, WeChat): connected to an account here, never a new one."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount import app_settings
from allauth.socialaccount import views as social_views
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.utils import get_request_param
from django.contrib import messages
from django.core import signing
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Callable

    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest, HttpResponse

    from zhitong.orgs.models import User

SALT = "signin.connect"
PROOF_AGE = 600
NAMES = {"weixin": _("WeChat")}


class SocialAdapter(DefaultSocialAccountAdapter):
    """Who comes from elsewhere must already be connected."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody gets a new account by signing in elsewhere."""
        del request, sociallogin
        return False

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        """Keep nothing of what the other side tells but the number by which it knows the person.

        Above all no phone: allauth would give it to the account, and a phone signs in here.
        """
        del request, data
        sociallogin.account.extra_data = {}
        sociallogin.email_addresses = []
        sociallogin.phone = None
        return sociallogin.user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Go back to the sign-in page and say so, instead of to pages of their own."""
        del provider, exception, extra_context
        if error != AuthError.CANCELLED:
            messages.error(
                request, _("Signing in there did not work. Please try again, or use your password.")
            )
        raise ImmediateHttpResponse(redirect("account_login"))


def buttons(request: HttpRequest, **extra: str) -> list[dict[str, Any]]:
    """Return name and address of each configured provider, for the sign-in page and for connecting."""
    target = get_request_param(request, "next")
    query = {**extra, **({"next": target} if target else {})}
    return [
        {
            "id": provider.sub_id,
            "name": NAMES.get(provider.id, provider.name),
            "url": provider.get_login_url(request, **query),
        }
        for provider in get_adapter().list_providers(request)
        if provider.id in app_settings.PROVIDERS
    ]


def checked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a way to a provider begin only as our own pages begin it.

    Connecting changes who can sign in, and begins with a link: the link must carry a proof made for this
    person, or somebody could send them one that connects a stranger's account.
    """

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        process = get_request_param(request, "process", "login")
        if set(request.GET) - {"process", "proof", "next"} or process not in {"login", "connect"}:
            raise Http404
        if process == "connect" and not _proven(request):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def proof(request: HttpRequest) -> str:
    """Return the proof that the signed-in person's own page made a link."""
    return signing.dumps(request.user.pk, salt=SALT)


def _proven(request: HttpRequest) -> bool:
    try:
        user = signing.loads(request.GET.get("proof", ""), salt=SALT, max_age=PROOF_AGE)
    except signing.BadSignature:
        return False
    return request.user.is_authenticated and user == request.user.pk


class ConnectionsView(social_views.ConnectionsView):
    """Connect or disconnect accounts elsewhere."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List each provider with whether it is connected."""
        own = {row.provider: row for row in SocialAccount.objects.filter(user=self.request.user)}
        rows = buttons(self.request, process="connect", proof=proof(self.request))
        for row in rows:
            row["account"] = own.get(row["id"])
        return super().get_context_data(rows=rows, **kwargs)


connections = ConnectionsView.as_view()

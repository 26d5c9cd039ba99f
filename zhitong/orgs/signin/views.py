"""allauth's pages, with the demo's help, our way between them, and only for those they are meant for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST
from django.views.generic.edit import FormView

from zhitong.core import clock
from zhitong.orgs.signin import demo, second_factor, social
from zhitong.orgs.signin.adapter import recent_method
from zhitong.orgs.signin.forms import ChangePasswordForm, SetPasswordForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


def for_officers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hide pages of the second factor from people who need none; visitors are asked to sign in first."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.needs_second_factor:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


class LoginView(account_views.LoginView):
    """Name and password; in the demo, with its accounts beside the form."""

    def get_initial(self) -> dict[str, Any]:
        """Fill in the demo account that was chosen by `?as=`."""
        chosen = demo.demo_account(self.request.GET.get("as", ""))
        return {"login": chosen["username"], "password": chosen["password"]} if chosen else {}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the buttons of outside accounts and the demo's accounts."""
        return super().get_context_data(
            buttons=social.buttons(self.request),
            demo_accounts=demo.demo_accounts(),
            chosen=self.request.GET.get("as", ""),
            **kwargs,
        )


class RequestLoginCodeView(account_views.RequestLoginCodeView):
    """Ask for the number that a code goes to."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the numbers of the demo's firms."""
        accounts = [row for row in demo.demo_accounts() if row.get("phone")]
        return super().get_context_data(demo_accounts=accounts, **kwargs)


class ConfirmLoginCodeView(account_views.ConfirmLoginCodeView):
    """Ask for the code from the text message."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the demo's people the code that no text message brings them."""
        user = self._process.user
        known = user is not None and demo.demo_account(user.username)
        return super().get_context_data(demo_code=self._process.code if known else "", **kwargs)


class AuthenticateView(mfa_views.AuthenticateView):
    """Ask for the second factor."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the field again, also to a request that came without it (for which allauth has no form)."""
        self.auth_form = self.auth_form or self.get_form_class()(user=self.stage.login.user)
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the demo's people the code that their app would show."""
        context = super().get_context_data(**kwargs)
        context["demo_code"] = demo.current_code(self.stage.login.user, clock.now())
        if context["demo_code"]:
            context["form"].initial["code"] = context["demo_code"]
        return context


class SecondFactorAgainView(mfa_views.ReauthenticateView):
    """Ask for the second factor once more, of people who have no password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """As at sign-in."""
        code = demo.current_code(self.request.user, clock.now())
        return super().get_context_data(demo_code=code, **kwargs)


class ActivateTOTPView(totp_views.ActivateTOTPView):
    """Set up an authenticator app."""

    success_url = reverse_lazy("mfa_view_recovery_codes")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Go on to the recovery codes where there is an app already."""
        if request.user.is_authenticated and second_factor.app_of(request.user):
            return redirect("mfa_view_recovery_codes")
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        """Show the recovery codes, once."""
        return str(self.success_url)

    def form_valid(self, form: Any) -> HttpResponse:
        """Store the app, use up the code that proved it, and let this session in."""
        response = super().form_valid(form)
        app = second_factor.app_of(self.request.user)
        second_factor.claim(app, form.cleaned_data["code"], clock.now())
        second_factor.vouch(self.request.session, self.request.user)
        return response


class DeactivateTOTPView(totp_views.DeactivateTOTPView):
    """Let go of an authenticator app in order to set up another; officers cannot do without one."""

    success_url = reverse_lazy("mfa_activate_totp")


class ViewRecoveryCodesView(recovery_views.ViewRecoveryCodesView):
    """The recovery codes: readable once, counted afterwards."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Offer to make codes where there are none yet."""
        own = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)
        if request.user.is_authenticated and not own.filter(user=request.user).exists():
            return redirect("mfa_generate_recovery_codes")
        return super().dispatch(request, *args, **kwargs)


class PasswordChangeView(account_views.PasswordChangeView):
    """Change the password; people who came in by code set a new one without knowing the old."""

    success_url = reverse_lazy("home")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve people without a password on this page too, which allauth would send to another."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return FormView.dispatch(self, request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[ChangePasswordForm | SetPasswordForm]:
        """Ask for the present password, unless there is none or a code was just given in its stead."""
        user = self.request.user
        forgotten = recent_method(self.request) == "code"
        return ChangePasswordForm if user.has_usable_password() and not forgotten else SetPasswordForm


login = LoginView.as_view()
logout = require_POST(account_views.logout)
request_code = RequestLoginCodeView.as_view()
confirm_code = ConfirmLoginCodeView.as_view()
reauthenticate = account_views.reauthenticate
change_password = PasswordChangeView.as_view()
second_factor_page = AuthenticateView.as_view()
second_factor_again = for_officers(SecondFactorAgainView.as_view())
set_up = for_officers(ActivateTOTPView.as_view())
take_down = for_officers(DeactivateTOTPView.as_view())
recovery_codes = for_officers(ViewRecoveryCodesView.as_view())
new_recovery_codes = for_officers(recovery_views.GenerateRecoveryCodesView.as_view())

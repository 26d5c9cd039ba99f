"""How allauth finds people, tells them things and keeps their secrets here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhitong.core import clock
from zhitong.core.phones import account_number
from zhitong.orgs.models import User
from zhitong.orgs.signin import accounts, sealing, services

if TYPE_CHECKING:
    from django.http import HttpRequest

WRONG_CODE = _("This code is not right, or it was used already. Please wait for the next one.")
# The same sentence whether the name or the password is wrong, and whether there is such an account at all.
WRONG_SIGN_IN = _("Name or password is not right. Please check both and try again.")
TOO_MANY = _("Too many tries. Please wait a few minutes.")
# allauth's notices by template name; what is not here is not worth a message.
NOTICES = {
    "account/messages/password_changed.txt": _(
        "The password was changed. You are signed out on all other devices."
    ),
    "mfa/messages/totp_deactivated.txt": _(
        "The old authenticator app no longer works. Please set up the new one."
    ),
    "socialaccount/messages/account_connected.txt": _("From now on you can sign in with this account."),
    "socialaccount/messages/account_connected_updated.txt": _("You can already sign in with this account."),
    "socialaccount/messages/account_connected_other.txt": _(
        "This account belongs to somebody else here. Ask your administrator if that is wrong."
    ),
    "socialaccount/messages/account_disconnected.txt": _("You can no longer sign in with this account."),
}


def recent_method(request: HttpRequest) -> str:
    """Return by what somebody proved a few minutes ago who they are (password, code, mfa, ...), or ""."""
    records = get_authentication_records(request, request.user)
    if not records:
        return ""
    age = clock.now().timestamp() - records[-1]["at"]
    return str(records[-1]["method"]) if age < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT else ""


class PhoneField(forms.CharField):
    """A phone number; mainland mobile numbers need no prefix."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Phone number"))
        attributes = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        super().__init__(max_length=24, widget=forms.TextInput(attributes), **kwargs)

    def clean(self, value: Any) -> str:
        """Return the number in its one form."""
        typed = super().clean(value)
        number = account_number(typed)
        if typed and not number:
            raise ValidationError(
                _("Enter a mobile number of 11 digits, or one with country code such as +852.")
            )
        return number


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by administrators; people sign in by name or phone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG_SIGN_IN,
        "phone_password_mismatch": WRONG_SIGN_IN,
        "invalid_login": WRONG_SIGN_IN,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": _("This password is not right."),
        "enter_current_password": _("The present password is not right."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account for themselves."""
        del request
        return False

    def get_login_stages(self) -> list[str]:
        """What may stand between a right password and being signed in."""
        return ["allauth.account.stages.LoginByCodeStage", "allauth.mfa.stages.AuthenticateStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave counting wrong passwords to axes, which keeps the count in the database."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again before sensitive steps, but not right after somebody signed in with all they have."""
        if recent_method(context.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say to somebody with the right password that their account is closed."""
        del user
        messages.error(request, _("This account is closed. Please ask your administrator."))
        return redirect("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the first page."""
        del request
        return reverse("home")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Show the notices that are worth one, in our words."""
        del message_context
        text = message or NOTICES.get(message_template or "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)

    # ------------------------------------------------------------ phones

    def phone_form_field(self, **kwargs: Any) -> PhoneField:
        """The field that phone numbers are typed into."""
        return PhoneField(**kwargs)

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        """Return number and whether it was verified."""
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: User, phone: str, verified: bool) -> None:  # noqa: FBT001 - allauth's signature
        """Store a number."""
        User.objects.filter(pk=user.pk).update(phone=account_number(phone), phone_verified=verified)

    def set_phone_verified(self, user: User, phone: str) -> None:
        """Note that a code sent to the number came back."""
        del phone
        User.objects.filter(pk=user.pk, phone_verified=False).update(phone_verified=True)

    def get_user_by_phone(self, phone: str) -> User | None:
        """Find somebody by number."""
        return accounts.by_phone(phone)

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """Leave the code for the worker to send."""
        del kwargs
        services.send_code(by=context.request.actor, now=clock.now(), user=user, phone=phone, code=code)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors are stored sealed."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret."""
        return sealing.unseal(encrypted_text)

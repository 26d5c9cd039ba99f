"""allauth's sign-in forms in our words, with our checks."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from zhitong.core import clock
from zhitong.orgs.signin import lockout, second_factor

CODE_SIZE = 12


class PlainMixin:
    """Labels above the fields say what goes in; no placeholders that vanish, no help that allauth adds."""

    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = ""


class CodeMixin(PlainMixin):
    """A form that asks for a number from a phone."""

    labels = {"code": _("Code")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": CODE_SIZE}
        code.validators.append(MaxLengthValidator(CODE_SIZE))


class LoginForm(PlainMixin, account_forms.LoginForm):
    """Name or phone, and password."""

    labels = {"login": _("User name or phone number"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": lockout.LONGEST_NAME,
        }
        login.validators.append(MaxLengthValidator(lockout.LONGEST_NAME))
        # Only the demo hands out a password to start with.
        password.widget.render_value = bool(self.initial.get("password"))


class RequestLoginCodeForm(PlainMixin, account_forms.RequestLoginCodeForm):
    """The phone number that a code goes to."""

    def clean_phone(self) -> str:
        """Treat officers and closed accounts as unknown numbers: no code goes out, the answer is the same."""
        phone = super().clean_phone()
        user = self._user
        if user is not None and (user.needs_second_factor or not user.is_active):
            self._user = None
        return phone


class ConfirmLoginCodeForm(CodeMixin, account_forms.ConfirmLoginCodeForm):
    """The code from the text message."""


class ReauthenticateForm(PlainMixin, account_forms.ReauthenticateForm):
    """The password once more."""

    labels = {"password": _("Password")}


class NewPasswordMixin(PlainMixin):
    """A new password, twice, with the rules in words."""

    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())


class ChangePasswordForm(NewPasswordMixin, account_forms.ChangePasswordForm):
    """The present password and a new one."""


class SetPasswordForm(NewPasswordMixin, account_forms.SetPasswordForm):
    """A first password for somebody who signed in without one."""


class ActivateTOTPForm(CodeMixin, totp_forms.ActivateTOTPForm):
    """The first code of a new authenticator app."""


class OnceMixin(CodeMixin):
    """Accepts each code once, and counts wrong ones like wrong passwords."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Check the code, unless there were too many wrong ones."""
        request = context.request
        if not lockout.allowed(request, self.user):
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()
            self._use_up(code)
        except ValidationError:
            lockout.count_failure(request, self.user)
            raise
        return code

    def _use_up(self, code: str) -> None:
        app = self.authenticator
        if app.type == Authenticator.Type.TOTP and not second_factor.claim(app, code, clock.now()):
            raise get_adapter().validation_error("incorrect_code")


class AuthenticateForm(OnceMixin, mfa_forms.AuthenticateForm):
    """The second factor at sign-in."""

    def save(self) -> None:
        """Note in the session that the second factor was given."""
        super().save()
        second_factor.vouch(context.request.session, self.user)


class SecondFactorAgainForm(OnceMixin, mfa_forms.ReauthenticateForm):
    """The second factor once more, before a sensitive step."""

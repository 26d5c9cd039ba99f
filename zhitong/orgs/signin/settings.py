"""Settings of allauth and axes; `zhitong.config.settings` takes them over.

Nothing here reads the environment: what differs between installations is handed to `providers` from above.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# ---------------------------------------------------------------- accounts

ACCOUNT_ADAPTER = "zhitong.orgs.signin.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
# Nobody signs up; allauth reads from this list that there are passwords and that names are theirs.
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
# allauth's own "send again" fails for unknown numbers and so tells them apart; our page starts anew instead.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = False
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_FORMS = {
    "login": "zhitong.orgs.signin.forms.LoginForm",
    "request_login_code": "zhitong.orgs.signin.forms.RequestLoginCodeForm",
    "confirm_login_code": "zhitong.orgs.signin.forms.ConfirmLoginCodeForm",
    "reauthenticate": "zhitong.orgs.signin.forms.ReauthenticateForm",
    "change_password": "zhitong.orgs.signin.forms.ChangePasswordForm",
    "set_password": "zhitong.orgs.signin.forms.SetPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    # An office shares one address: wide enough for everybody at nine o'clock, too narrow to try many names.
    "login": "60/m/ip",
    # Wrong passwords and second factors are counted by axes in the database; this one holds whatever the
    # address, against somebody who knows a password and tries codes from many.
    "login_failed": "10/15m/key",
    # Each text costs money and may annoy somebody: one a minute and ten a day for a number.
    "request_login_code": "20/m/ip,1/m/key,10/d/key",
}

# ---------------------------------------------------------------- second factor

MFA_ADAPTER = "zhitong.orgs.signin.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Zhitong"
# Phones' clocks are off by up to half a minute; each code still works only once (see second_factor.claim).
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "activate_totp": "zhitong.orgs.signin.forms.ActivateTOTPForm",
    "authenticate": "zhitong.orgs.signin.forms.AuthenticateForm",
    "reauthenticate": "zhitong.orgs.signin.forms.SecondFactorAgainForm",
}

# ---------------------------------------------------------------- outside accounts

SOCIALACCOUNT_ADAPTER = "zhitong.orgs.signin.social.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
# A link, not a form: the content policy forbids forms that end at another site, redirects included.
SOCIALACCOUNT_LOGIN_ON_GET = True


def providers(
    *,
    oidc_name: str = "",
    oidc_server: str = "",
    oidc_client_id: str = "",
    oidc_secret: str = "",
    weixin_app_id: str = "",
    weixin_secret: str = "",
) -> dict[str, Any]:
    """Return SOCIALACCOUNT_PROVIDERS for what is configured; an empty name or number means none."""
    found: dict[str, Any] = {}
    if oidc_name and oidc_client_id:
        found["openid_connect"] = {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": oidc_name,
                    "client_id": oidc_client_id,
                    "secret": oidc_secret,
                    "settings": {"server_url": oidc_server},
                }
            ],
        }
    if weixin_app_id:
        found["weixin"] = {"APPS": [{"client_id": weixin_app_id, "secret": weixin_secret}]}
    return found


# ---------------------------------------------------------------- lockout

AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Trying on while locked does not make the lock longer; otherwise a machine could keep its user out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "zhitong.orgs.signin.lockout.account_name"
AXES_CLIENT_IP_CALLABLE = "zhitong.orgs.signin.lockout.address"
AXES_LOCKOUT_CALLABLE = "zhitong.orgs.signin.lockout.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
# Our own audit log holds every sign-in.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "phone", "code", "csrfmiddlewaretoken"]

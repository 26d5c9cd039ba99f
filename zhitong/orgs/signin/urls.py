"""Addresses of sign-in: of allauth's, only those in use."""

from __future__ import annotations

from collections.abc import Collection

from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.providers.weixin import views as weixin
from django.conf import settings
from django.urls import URLPattern, path

from zhitong.orgs.signin import social, views

ONE_OIDC = {"provider_id": "oidc"}


def outside(configured: Collection[str]) -> list[URLPattern]:
    """Return the addresses of outside accounts for the providers that are configured."""
    found = []
    if "openid_connect" in configured:
        found += [
            path("oidc/", social.checked(oidc.login), ONE_OIDC, name="openid_connect_login"),
            path("oidc/back/", oidc.callback, ONE_OIDC, name="openid_connect_callback"),
        ]
    if "weixin" in configured:
        found += [
            path("weixin/", social.checked(weixin.oauth2_login), name="weixin_login"),
            path("weixin/back/", weixin.oauth2_callback, name="weixin_callback"),
        ]
    if found:
        found.append(path("connections/", social.connections, name="socialaccount_connections"))
    return found


urlpatterns = [
    path("", views.login, name="account_login"),
    path("out/", views.logout, name="account_logout"),
    path("code/", views.request_code, name="account_request_login_code"),
    path("code/confirm/", views.confirm_code, name="account_confirm_login_code"),
    path("again/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.change_password, name="account_change_password"),
    path("second-factor/", views.second_factor_page, name="mfa_authenticate"),
    path("second-factor/again/", views.second_factor_again, name="mfa_reauthenticate"),
    path("second-factor/set-up/", views.set_up, name="mfa_activate_totp"),
    path("second-factor/change/", views.take_down, name="mfa_deactivate_totp"),
    path("second-factor/recovery/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery/new/", views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    *outside(getattr(settings, "SOCIALACCOUNT_PROVIDERS", {})),
]

"""What sign-in leaves in the audit log.

The only place that listens to signals: allauth, axes and Django have no other way of telling what happened.
Called once from `OrgsConfig.ready`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa_signals
from allauth.socialaccount import signals as social_signals
from axes.signals import user_locked_out
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction

from zhitong.core import audit, clock
from zhitong.core.middleware import build_actor
from zhitong.core.service import events_written, reference
from zhitong.orgs.signin import accounts, lockout

if TYPE_CHECKING:
    from django.http import HttpRequest

    from zhitong.orgs.models import User


def connect() -> None:
    """Listen to everything that belongs into the log."""
    for signal, receiver in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _failed),
        (user_locked_out, _locked_out),
        (account_signals.login_code_rejected, _code_refused),
        (account_signals.password_changed, _password_changed),
        (mfa_signals.authenticator_added, _authenticator_added),
        (mfa_signals.authenticator_removed, _authenticator_removed),
        (mfa_signals.authenticator_reset, _recovery_codes_made),
        (social_signals.social_account_added, _connected),
        (social_signals.social_account_removed, _disconnected),
    ):
        signal.connect(receiver, dispatch_uid=f"signin.{receiver.__name__}")


def record(
    request: HttpRequest | None,
    action: str,
    *,
    by: User | None = None,
    about: User | None = None,
    result: str = "done",
    **facts: Any,
) -> None:
    """Write one event; the address it came from belongs to it."""
    if request is not None:
        facts["address"] = lockout.address(request)
    actor = build_actor(by or AnonymousUser(), getattr(request, "request_id", ""))
    subject = about or by
    with transaction.atomic():
        audit.append(
            by=actor,
            now=clock.now(),
            action=action,
            target=reference(subject) if subject else "",
            result=result,
            facts=facts,
        )
    # The request has its event: the middleware need not add one.
    events_written.set(events_written.get() + 1)


def _signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    methods = [row["method"] for row in get_authentication_records(request, user)]
    record(request, "signin.done", by=user, methods=methods)


def _signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        record(request, "signin.out", by=user)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # What was typed stays out of the log: people type passwords into the wrong field.
    user = accounts.find(str(credentials.get("username") or ""))
    step = credentials.get("step", "password")
    record(request, "signin.failed", about=user, result="refused", step=step, known=user is not None)


def _locked_out(request: HttpRequest, username: str | None, **_: Any) -> None:
    user = accounts.find(username or "")
    record(request, "signin.locked_out", about=user, result="refused", known=user is not None)


def _code_refused(request: HttpRequest, user: User, last_attempt: bool, **_: Any) -> None:  # noqa: FBT001 - the signal's argument
    record(request, "signin.failed", about=user, result="refused", step="code", last_attempt=last_attempt)


def _password_changed(request: HttpRequest, user: User, **_: Any) -> None:
    record(request, "signin.password_changed", by=user)


def _authenticator_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    record(request, "signin.second_factor_added", by=user, kind=authenticator.type)


def _authenticator_removed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    record(request, "signin.second_factor_removed", by=user, kind=authenticator.type)


def _recovery_codes_made(request: HttpRequest, user: User, **_: Any) -> None:
    record(request, "signin.recovery_codes_made", by=user)


def _connected(request: HttpRequest, sociallogin: Any, **_: Any) -> None:
    record(request, "signin.account_connected", by=request.user, provider=sociallogin.account.provider)


def _disconnected(request: HttpRequest, socialaccount: Any, **_: Any) -> None:
    record(request, "signin.account_disconnected", by=request.user, provider=socialaccount.provider)

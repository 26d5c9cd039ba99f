"""The second factor: who has passed it in this session, and that no code works twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db.models import Q

from zhitong.core.prepared import prepared
from zhitong.orgs.signin.sealing import seal, unseal

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.sessions.backends.base import SessionBase
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from zhitong.orgs.models import User

MARK = "second_factor"


def app_of(user: User) -> Authenticator | None:
    """Return the user's authenticator app, if one is set up."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def enrol(user: User, secret: str) -> Authenticator:
    """Set up an authenticator app with a known base32 secret; an earlier one is replaced."""
    row, _ = Authenticator.objects.update_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": seal(secret)}}
    )
    return row


def vouch(session: SessionBase, user: User) -> None:
    """Remember that this session passed the second factor that the user has now."""
    app = app_of(user)
    if app is not None:
        session[MARK] = app.pk


def vouched(request: HttpRequest) -> bool:
    """Whether this session passed the second factor that its user has now.

    The mark names the authenticator: once it is removed or replaced, sessions that rest on it end.
    """
    mark = request.session.get(MARK)
    if mark is None:
        return False
    return bool(_apps(mark, request.user.pk))


@prepared
def _apps(pk: int, user: int) -> QuerySet[Authenticator, int]:
    rows = Authenticator.objects.filter(pk=pk, user=user, type=Authenticator.Type.TOTP)
    return rows.values_list("pk", flat=True)


def step_at(moment: datetime) -> int:
    """Return the number of the period (30 seconds) that a moment lies in, as RFC 6238 counts."""
    return int(moment.timestamp()) // app_settings.TOTP_PERIOD


def code_at(secret: str, step: int) -> str:
    """Return the code of a base32 secret in a period."""
    return format_hotp_value(hotp_value(secret, step))


def claim(app: Authenticator, code: str, now: datetime) -> bool:
    """Use up a correct code: True once, False for the same or an older one (RFC 6238, 5.2).

    One conditional update, so that it holds across processes and restarts; allauth's own memory of used
    codes is the cache of one process and shorter than the time a code stays valid.
    """
    step = _step_of(unseal(app.data["secret"]), code, step_at(now))
    if step is None:
        return False
    unused = Q(data__step__isnull=True) | Q(data__step__lt=step)
    return bool(Authenticator.objects.filter(unused, pk=app.pk).update(data={**app.data, "step": step}))


def last_step(app: Authenticator) -> int:
    """Return the period of the last code that was used."""
    data: dict[str, Any] = app.data
    return int(data.get("step", 0))


def _step_of(secret: str, code: str, present: int) -> int | None:
    digits = "".join(sign for sign in code if sign.isdigit())
    tolerance = app_settings.TOTP_TOLERANCE
    for step in range(present - tolerance, present + tolerance + 1):
        if code_at(secret, step) == digits:
            return step
    return None

"""Changes to the keys of other programs."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext_noop

from zhitong.core import permissions, slots
from zhitong.core.errors import FasterError, FieldError, NotPermittedError
from zhitong.core.service import Work, service
from zhitong.enterprises.models import ApiToken
from zhitong.enterprises.queries.exchange import digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from zhitong.core.actor import Actor

PREFIX = "zt_"
BYTES = 32
HINT = 8  # signs that are kept to tell keys apart


class Issued:
    """A key with its text, which is shown once and kept nowhere."""

    def __init__(self, row: ApiToken, secret: str) -> None:
        self.row, self.secret = row, secret


@service("enterprises.issue_token")
def issue_token(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    name: str,
    scopes: Sequence[str],
    regions: Sequence[str],
    expires_at: datetime,
) -> Issued:
    """Make a key for another program: good for the scopes and regions named, until a day."""
    permissions.require(by, "enterprises.keep_tokens")
    if by.user is None:
        raise NotPermittedError  # a person answers for it
    if not scopes or set(scopes) - set(slots.key_scopes.names()):
        raise FieldError("scopes", gettext_noop("Choose what the key is good for."))
    if not regions:
        raise FieldError("regions", gettext_noop("Choose whose firms the key may see."))
    if expires_at <= now:
        raise FieldError("expires_at", gettext_noop("The key has to end in the future."))
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    row = ApiToken.objects.create(
        name=name, hint=secret[:HINT], digest=digest(secret), scopes=sorted(scopes), regions=sorted(regions),
        made_at=now, made_by_id=by.user, expires_at=expires_at,
    )  # fmt: skip
    work.record(row, name=name, scopes=sorted(scopes), regions=sorted(regions), expires_at=expires_at)
    return Issued(row, secret)


@service("enterprises.withdraw_token")
def withdraw_token(work: Work, *, by: Actor, now: datetime, token: ApiToken) -> ApiToken:
    """Make a key worthless at once."""
    permissions.require(by, "enterprises.keep_tokens")
    if not ApiToken.objects.filter(pk=token.pk, withdrawn_at__isnull=True).update(withdrawn_at=now):
        raise FasterError
    token.refresh_from_db()
    work.record(token, name=token.name)
    return token


def token_seen(token: ApiToken, today: date) -> None:
    """Remember the last day on which a key was shown: a mark for whoever cleans up, no event."""
    if token.used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(used_on=today)


def count_request(*, token: int, most: int, now: datetime) -> int:
    """Count a request of a key in its running minute; return how many seconds it has to wait, 0 for none.

    Two conditional updates: the first begins a new minute, the second counts within it up to the limit.
    """
    minute = now.replace(second=0, microsecond=0)
    row = ApiToken.objects.filter(pk=token)
    older = Q(minute__isnull=True) | Q(minute__lt=minute)
    if row.filter(older).update(minute=minute, asked=1) or row.filter(asked__lt=most).update(
        asked=F("asked") + 1
    ):
        return 0
    return 60 - now.second

"""Changes to subscriptions: made, switched, given a new secret, paused when nobody answers."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import ConflictError, FasterError, FieldError, RefusedError
from zhitong.core.sealing import seal
from zhitong.core.service import Work, service
from zhitong.enterprises.models import ApiToken
from zhitong.webhooks.addresses import check
from zhitong.webhooks.models import PLACE, Subscription
from zhitong.webhooks.queries import NEEDED
from zhitong.webhooks.states import Switch, rule, topics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from zhitong.core.actor import Actor

PREFIX = "whsec_"
BYTES = 32


@service("webhooks.subscribe")
def subscribe(
    work: Work, *, by: Actor, now: datetime, token: ApiToken, address: str, names: Sequence[str]
) -> Subscription:
    """Have a program told of topics at an address; the secret is shown to whoever asked, once."""
    permissions.require(by, "webhooks.keep", token.pk)
    token = ApiToken.objects.select_for_update().get(pk=token.pk)  # for the count below
    if NEEDED not in token.scopes or token.withdrawn_at is not None or token.expires_at <= now:
        raise FieldError(
            "token", gettext_noop("Only a key that is good and reads cases can be told of them.")
        )
    if not names or set(names) - set(topics()):
        raise FieldError("topics", gettext_noop("Choose what the program is to be told."))
    check(address)
    present = Subscription.objects.filter(token=token)
    if present.filter(address=address).exists():
        raise ConflictError(gettext_noop("This key is told at this address already."))
    if present.count() >= rule("addresses"):
        raise RefusedError(gettext_noop("This key is told at as many addresses as it may. Use one of them."))
    row = Subscription.objects.create(
        token=token,
        address=address,
        topics=sorted(set(names)),
        secret=_secret(),
        made_at=now,
        made_by_id=by.user,
    )
    work.record(row, token=token.pk, address=address, topics=row.topics)
    return row


def _secret() -> str:
    return seal(PREFIX + secrets.token_urlsafe(BYTES), place=PLACE)


@service("webhooks.switch")
def switch(work: Work, *, by: Actor, now: datetime, subscription: Subscription, on: bool) -> Subscription:
    """Switch a subscription on or off; what waits is told when it is on again."""
    del now
    permissions.require(by, "webhooks.keep", subscription.token_id)
    state = Switch.ON if on else Switch.OFF
    Subscription.objects.filter(pk=subscription.pk).update(state=state)
    work.record(subscription, state=state)
    subscription.refresh_from_db()
    return subscription


@service("webhooks.renew_secret")
def renew_secret(work: Work, *, by: Actor, now: datetime, subscription: Subscription) -> Subscription:
    """Give a subscription a new secret; the one before it goes on signing beside it for a while."""
    permissions.require(by, "webhooks.keep", subscription.token_id)
    same = Subscription.objects.filter(pk=subscription.pk, secret=subscription.secret)
    until = now + timedelta(hours=rule("old_secret_hours"))
    if not same.update(secret=_secret(), old_secret=subscription.secret, old_until=until):
        raise FasterError
    work.record(subscription, old_until=until)
    subscription.refresh_from_db()
    return subscription


@service("webhooks.pause")
def pause(work: Work, *, by: Actor, now: datetime, subscription: Subscription, delivery: int) -> Subscription:
    """Stop telling an address that answers nothing; who keeps it hears of that."""
    del now
    permissions.require(by, "webhooks.pause")
    Subscription.objects.filter(pk=subscription.pk, state=Switch.ON).update(state=Switch.PAUSED)
    work.record(subscription, delivery=delivery)
    work.emit("webhooks.pause", subscription=subscription.pk, delivery=delivery)
    subscription.refresh_from_db()
    return subscription

"""Reading subscriptions and deliveries. Fetching is the permission check."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from zhitong.cases import queries as case_queries
from zhitong.core.actor import Role, Side
from zhitong.core.sealing import unseal
from zhitong.enterprises import queries as enterprise_queries
from zhitong.webhooks.models import PLACE, Delivery, Subscription
from zhitong.webhooks.states import DeliveryState, Switch, rule

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import ApiToken

NEEDED = "cases.read"  # the scope without which a key hears of no case


def visible(actor: Actor) -> QuerySet[Subscription]:
    """Subscriptions: all for system administrators, its own for a program, none for others."""
    rows = Subscription.objects.select_related("token", "token__made_by", "made_by")
    if actor.side is Side.SYSTEM or Role.SYSTEM_ADMIN in actor.roles:
        return rows
    if actor.side is Side.MACHINE:
        return rows.filter(token=actor.token)
    return rows.none()


def get_subscription(actor: Actor, pk: int) -> Subscription:
    """Return a subscription that the actor keeps; 404 for every other."""
    row = visible(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def deliveries(actor: Actor, subscription: Subscription) -> QuerySet[Delivery]:
    """What a subscription was told, newest first."""
    mine = Delivery.objects.filter(subscription__in=visible(actor)).filter(subscription=subscription)
    return mine.select_related("case")


def get_delivery(actor: Actor, pk: int) -> Delivery:
    """Return one thing that a subscription of the actor's was told; 404 for every other."""
    rows = Delivery.objects.filter(pk=pk, subscription__in=visible(actor))
    row = rows.select_related("subscription", "subscription__token", "case").first()
    if row is None:
        raise Http404
    return row


def hears(token: ApiToken, case: int, now: datetime) -> bool:
    """Whether a key is good, reads cases, and sees this one."""
    good = token.withdrawn_at is None and token.made_at <= now < token.expires_at
    if not good or NEEDED not in token.scopes:
        return False
    return case_queries.visible(enterprise_queries.machine(token)).filter(pk=case).exists()


def listening(topic: str) -> list[Subscription]:
    """Return the subscriptions that are on and want to hear of a topic."""
    rows = Subscription.objects.filter(state=Switch.ON).select_related("token").order_by("pk")
    return [row for row in rows if topic in row.topics]  # JSON is not searched alike on both databases


def due(now: datetime, *, waited: timedelta = timedelta(0)) -> list[int]:
    """Return the ids of deliveries whose time has come, and that nobody has in hand; the oldest first."""
    free = Q(taken_until__isnull=True) | Q(taken_until__lte=now)
    rows = Delivery.objects.filter(
        free, state=DeliveryState.WAITING, next_at__lte=now - waited, subscription__state=Switch.ON
    )
    return list(rows.order_by("next_at", "pk").values_list("pk", flat=True)[: rule("batch")])


def secrets_of(subscription: Subscription, now: datetime) -> list[str]:
    """Return the secrets that sign now: the present one, and for a while the one before it."""
    found = [unseal(subscription.secret, place=PLACE)]
    if subscription.old_until is not None and now < subscription.old_until:
        found.append(unseal(subscription.old_secret, place=PLACE))
    return found


def tokens(actor: Actor, now: datetime) -> QuerySet[ApiToken]:
    """The keys for which the actor may keep subscriptions: those that are good now."""
    rows = enterprise_queries.tokens().filter(withdrawn_at__isnull=True, expires_at__gt=now)
    if actor.side is Side.MACHINE:
        return rows.filter(pk=actor.token)
    return rows if Role.SYSTEM_ADMIN in actor.roles else rows.none()

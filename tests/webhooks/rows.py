"""Sound rows of the tables of webhooks, and what breaks their constraints."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models

from tests.support.office import NOW, Office
from zhitong.cases.models import Case
from zhitong.enterprises.models import ApiToken
from zhitong.webhooks.models import Delivery, Subscription

Make = Callable[[Office], dict[str, Any]]
HOUR = timedelta(hours=1)


def rows(running: Case) -> list[models.Model]:
    """A subscription, and something that waits to be told."""
    row = Subscription.objects.create(
        token=ApiToken.objects.first(),
        address="https://8.8.8.8/",
        topics=["case.closed"],
        secret="sealed",
        made_at=NOW,
    )
    waiting = Delivery.objects.create(
        subscription=row,
        message=1,
        topic="case.closed",
        case=running,
        case_state="closed",
        at=NOW,
        next_at=NOW,
    )
    return [row, waiting]


SOUND: dict[str, Make] = {
    "webhooks.subscription": lambda _: {"address": "https://8.8.8.8/other"},
    "webhooks.delivery": lambda _: {"message": 2, "event": uuid.uuid4()},
}
BROKEN: dict[str, list[Make]] = {
    "webhooks.subscription.one_subscription_a_key_and_address": [],
    "webhooks.subscription.subscription_state_known": [lambda _: {"state": "asleep"}],
    "webhooks.subscription.a_subscription_has_a_secret": [lambda _: {"secret": ""}],
    "webhooks.subscription.an_old_secret_has_its_end": [
        lambda _: {"old_secret": "sealed"},
        lambda _: {"old_until": NOW + HOUR},
    ],
    "webhooks.delivery.event": [],
    "webhooks.delivery.a_subscription_is_told_a_message_once": [],
    "webhooks.delivery.a_delivery_waits_until_it_is_done": [
        lambda _: {"state": "delivered"},
        lambda _: {"done_at": NOW},
    ],
    "webhooks.delivery.delivery_state_known": [lambda _: {"state": "lost", "done_at": NOW}],
    "webhooks.delivery.delivery_trouble_known": [lambda _: {"trouble": "gremlins"}],
}

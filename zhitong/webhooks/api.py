"""How a program keeps its own subscriptions."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from zhitong.core import clock, permissions
from zhitong.core.api import LARGEST, NO_BLANK, Pages, key_of
from zhitong.webhooks import queries, services
from zhitong.webhooks.addresses import LONGEST
from zhitong.webhooks.models import Delivery, Subscription
from zhitong.webhooks.states import topics

router = Router(tags=["webhooks"])
Id = Annotated[int, Path(ge=0, le=LARGEST, description="The number of a subscription.")]
Topic = Annotated[str, Field(max_length=40, pattern=r"^[a-z.]+$", examples=["case.answered"])]


class Hook(Schema):
    """A subscription of this key."""

    id: int
    address: str = Field(examples=["https://example.org/zhitong"])
    topics: list[str] = Field(description="Any of those that GET /webhooks/topics lists.")
    state: str = Field(description="on, off, or paused after an address did not answer.")
    made_at: datetime


class HookWithSecret(Hook):
    """A subscription with the secret that signs from now on; it is told only here."""

    secret: str = Field(examples=["whsec_…"])


class NewHook(Schema):
    """Where a program wants to be told, and of what."""

    model_config = ConfigDict(extra="forbid")
    address: str = Field(
        min_length=1, max_length=LONGEST, pattern=NO_BLANK, examples=["https://example.org/zhitong"],
        description="It begins with https:// and may not lead into a private network.",
    )  # fmt: skip
    topics: list[Topic] = Field(min_length=1, max_length=20)


class Turn(Schema):
    """Whether a subscription is to be told."""

    model_config = ConfigDict(extra="forbid")
    on: bool


class Told(Schema):
    """One thing that a subscription was told, or is to be told."""

    number: int = Field(description="Grows with every thing told.")
    id: uuid.UUID = Field(description="Stays the same at every try.")
    topic: str
    case: str = Field(description="The number of the case.")
    state: str = Field(description="waiting, delivered, failed or dropped.")
    tries: int
    code: int | None = Field(None, description="The status of the last answer, if there was one.")
    trouble: str | None = Field(None, description="What went wrong at the last try.")
    at: datetime
    done_at: datetime | None = None


class ToldPage(Schema):
    """What a subscription was told, oldest first; ask again with `after` = `next` until it is null."""

    items: list[Told]
    next: int | None = None


class TopicLine(Schema):
    """Something that can be told."""

    topic: str = Field(examples=["case.answered"])
    label: str


def _plain(row: Subscription, **more: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "address": row.address,
        "topics": row.topics,
        "state": row.state,
        "made_at": row.made_at,
        **more,
    }


def _told(row: Delivery) -> dict[str, Any]:
    return {
        "number": row.pk,
        "id": row.event,
        "topic": row.topic,
        "case": row.case.number,
        "state": row.state,
        "tries": row.tries,
        "code": row.code,
        "trouble": row.trouble or None,
        "at": row.at,
        "done_at": row.done_at,
    }


def _mine(request: HttpRequest, pk: int) -> Subscription:
    permissions.require(request.actor, "webhooks.keep", request.actor.token)
    return queries.get_subscription(request.actor, pk)


@router.get("/webhooks/topics", response=list[TopicLine])
def hook_topics(request: HttpRequest) -> Any:
    """What can be told."""
    permissions.require(request.actor, "webhooks.keep", request.actor.token)
    return [{"topic": name, "label": label} for name, label in topics().items()]


@router.get("/webhooks", response=list[Hook])
def hooks(request: HttpRequest) -> Any:
    """The subscriptions of this key, newest first; there are few."""
    permissions.require(request.actor, "webhooks.keep", request.actor.token)
    return [_plain(row) for row in queries.visible(request.actor)]


@router.post("/webhooks", response={201: HookWithSecret})
def add_hook(request: HttpRequest, given: NewHook) -> Any:
    """Subscribe; the secret stands in this answer only."""
    permissions.require(request.actor, "webhooks.keep", request.actor.token)
    now = clock.now()
    row = services.subscribe(
        by=request.actor, now=now, key=key_of(request), token=queries.tokens(request.actor, now).get(),
        address=given.address, names=given.topics,
    )  # fmt: skip
    return _plain(row, secret=queries.secrets_of(row, now)[0])


@router.post("/webhooks/{pk}/switch", response=Hook)
def switch_hook(request: HttpRequest, pk: Id, given: Turn) -> Any:
    """Switch a subscription on or off. What happens while it is off is never told."""
    row = services.switch(
        by=request.actor, now=clock.now(), key=key_of(request), subscription=_mine(request, pk), on=given.on
    )
    return _plain(row)


@router.post("/webhooks/{pk}/secret", response={201: HookWithSecret})
def renew_hook_secret(request: HttpRequest, pk: Id) -> Any:
    """Give a subscription a new secret; the one before it signs beside it for a day."""
    now = clock.now()
    row = services.renew_secret(
        by=request.actor, now=now, key=key_of(request), subscription=_mine(request, pk)
    )
    return _plain(row, secret=queries.secrets_of(row, now)[0])


@router.get("/webhooks/{pk}/deliveries", response=ToldPage, exclude_none=True)
def hook_deliveries(request: HttpRequest, pk: Id, pages: Annotated[Pages, Query()]) -> Any:
    """What a subscription was told in the last thirty days, with what came of it."""
    rows = queries.deliveries(request.actor, _mine(request, pk)).filter(pk__gt=pages.after).order_by("pk")
    found = list(rows[: pages.limit + 1])
    more = len(found) > pages.limit
    items = [_told(row) for row in found[: pages.limit]]
    return {"items": items, "next": found[pages.limit - 1].pk if more else None}


@router.post("/webhooks/deliveries/{number}/resend", response={202: Told}, exclude_none=True)
def resend_delivery(
    request: HttpRequest,
    number: Annotated[int, Path(ge=0, le=LARGEST, description="The number of what was told.")],
) -> Any:
    """Have something told again, with the same id."""
    permissions.require(request.actor, "webhooks.keep", request.actor.token)
    row = queries.get_delivery(request.actor, number)
    return _told(services.resend(by=request.actor, now=clock.now(), key=key_of(request), delivery=row))

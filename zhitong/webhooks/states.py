"""What can be told, how delivery is tried, and the fixed words beside them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data

FOLDER = "webhooks"


class Switch(models.TextChoices):
    """Whether a subscription is told."""

    ON = "on", _("On")
    OFF = "off", _("Off")
    PAUSED = "paused", _("Paused")


class DeliveryState(models.TextChoices):
    """What became of one thing to be told."""

    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")
    DROPPED = "dropped", _("Not told any more")


class Trouble(models.TextChoices):
    """Why a try failed."""

    STATUS = "status", _("The answer was no success")
    TIMEOUT = "timeout", _("It took too long")
    CONNECTION = "connection", _("No connection")
    CERTIFICATE = "certificate", _("The certificate is not good")
    ADDRESS = "address", _("The address may not be reached")
    ANSWER = "answer", _("The answer was not HTTP")


def table() -> dict[str, Any]:
    """Return the newest table of topics and tries."""
    versions = [int(stem.rsplit("-", 1)[1]) for stem in data.stems(FOLDER)]
    return data.read(FOLDER, f"{FOLDER}-{max(versions)}")


def rule(name: str) -> int:
    """Return a number that is laid down for delivery."""
    return int(table()[name])


def pauses() -> list[int]:
    """Return the pauses in seconds between tries."""
    return list(table()["pauses"])


def topics() -> dict[str, str]:
    """Return the topics with their labels in the reader's language."""
    return {name: data.label(row["label"]) for name, row in table()["topic"].items()}


def topic_of(message: str) -> str | None:
    """Return the topic that a message of the outbox belongs to; None where nobody is told of it."""
    found = (name for name, row in table()["topic"].items() if message in row["messages"])
    return next(found, None)


def messages() -> frozenset[str]:
    """Return the messages of the outbox that belong to a topic."""
    return frozenset(name for row in table()["topic"].values() for name in row["messages"])

"""The fixed words of replies and the numbers that the city sets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhitong.core import data

TEXT = 2000  # signs of a reply
NAME = 60  # signs of the name and post of who replies


class Source(models.TextChoices):
    """By which way a reply came in."""

    LINK = "link", _("By link")
    PAPER = "paper", _("On paper")
    SHEET = "sheet", _("In a sheet")


class ReplyState(models.TextChoices):
    """What became of a reply."""

    WAITING = "waiting", _("Waits to be taken in")
    TAKEN = "taken", _("Taken in")
    REFUSED = "refused", _("Not taken in")


LED = ("dispatched", "handling")  # states of a case in which its lead may still answer


def rule(name: str) -> int:
    """Return a number that the newest table lays down."""
    return int(_table()[name])


def lasts() -> timedelta:
    """Return how long a link lives."""
    return timedelta(days=rule("link_days"))


def sheet_rules() -> dict[str, Any]:
    """Return what the newest table says of sheets: most rows, largest file, columns and their headings."""
    return dict(_table()["sheet"])


def _table() -> dict[str, Any]:
    return data.read("replies", data.stems("replies")[-1])

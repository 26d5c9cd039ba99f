"""Where people of the firm side begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from zhitong.core.actor import Side

if TYPE_CHECKING:
    from django.http import HttpRequest


def home(request: HttpRequest) -> str | None:
    """The portal for firm members, nothing for others."""
    return reverse("portal:home") if request.actor.side is Side.FIRM else None

"""Where people of the office begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from zhitong.core.actor import ADMIN_ROLES, Side

if TYPE_CHECKING:
    from django.http import HttpRequest


def home(request: HttpRequest) -> str | None:
    """The to-do list; the settings for those who are administrators only."""
    if request.actor.side is not Side.STAFF:
        return None
    if request.actor.roles <= ADMIN_ROLES:
        return reverse("orgs:index")
    return reverse("workbench:home")

"""How somebody likes to see the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from zhitong.enterprises.models import SavedView

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhitong.core.actor import Actor


def saved_views(actor: Actor) -> QuerySet[SavedView]:
    """The actor's own views."""
    return SavedView.objects.filter(user=actor.user)


def get_view(actor: Actor, pk: int) -> SavedView:
    """Return one of the actor's views; 404 for every other."""
    row = saved_views(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row

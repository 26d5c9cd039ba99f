"""Changes to how somebody likes to see the office's lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions, slots
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.orgs.models import SavedView

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

MOST = 30  # views of one list
LONGEST = 1000  # signs of filters and columns


@service("orgs.save_view")
def save_view(work: Work, *, by: Actor, now: datetime, place: str, name: str, query: str) -> SavedView:
    """Keep filters and columns of a list under a name; a name used again stands for the new ones."""
    name = _checked(by, place, name, query)
    row, _made = SavedView.objects.update_or_create(
        user_id=by.user, place=place, name=name, defaults={"query": query, "saved_at": now}
    )
    work.record(row, place=place)
    return row


@service("orgs.delete_view")
def delete_view(work: Work, *, by: Actor, now: datetime, view: SavedView) -> None:
    """Forget a view of one's own."""
    del now
    permissions.require(by, "orgs.delete_view", view)
    work.record(view, place=view.place, name=view.name)
    SavedView.objects.filter(pk=view.pk).delete()


@service("orgs.restore_view")
def restore_view(work: Work, *, by: Actor, now: datetime, place: str, name: str, query: str) -> SavedView:
    """Take back that a view was forgotten; one that has its name by now stays as it is."""
    name = _checked(by, place, name, query)
    row, made = SavedView.objects.get_or_create(
        user_id=by.user, place=place, name=name, defaults={"query": query, "saved_at": now}
    )
    if not made:
        raise FieldError("name", gettext_noop("Another view has this name by now."))
    work.record(row, place=place)
    return row


def _checked(by: Actor, place: str, name: str, query: str) -> str:
    """Return the name as it is kept; whoever may not open the list, keeps no view of it."""
    permissions.require(by, "orgs.keep_views")
    _check_place(by, place)
    if not name.strip():
        raise FieldError("name", gettext_noop("Give the view a name."))
    if len(query) > LONGEST:
        raise FieldError("name", gettext_noop("These filters are too long to be kept."))
    mine = SavedView.objects.filter(user_id=by.user, place=place)
    if mine.exclude(name=name.strip()).count() >= MOST:
        raise FieldError("name", gettext_noop("You have many views already. Delete one first."))
    return name.strip()


def _check_place(by: Actor, place: str) -> None:
    if place not in slots.lists.names():
        raise FieldError("place", gettext_noop("There is no such list."))
    permissions.require(by, slots.lists[place].permission)

"""Changes to how somebody likes to see the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FieldError
from zhitong.core.service import Work, service
from zhitong.enterprises.models import SavedView

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

MOST = 30
LONGEST = 1000  # signs of filters and columns


@service("enterprises.save_view")
def save_view(work: Work, *, by: Actor, now: datetime, name: str, query: str) -> SavedView:
    """Keep filters and columns under a name; a name used again stands for the new ones."""
    permissions.require(by, "enterprises.see_register")
    if not name.strip():
        raise FieldError("name", gettext_noop("Give the view a name."))
    if len(query) > LONGEST:
        raise FieldError("name", gettext_noop("These filters are too long to be kept."))
    mine = SavedView.objects.filter(user_id=by.user)
    if mine.exclude(name=name.strip()).count() >= MOST:
        raise FieldError("name", gettext_noop("You have many views already. Delete one first."))
    row, _ = SavedView.objects.update_or_create(
        user_id=by.user, name=name.strip(), defaults={"query": query, "saved_at": now}
    )
    work.record(row)
    return row


@service("enterprises.delete_view")
def delete_view(work: Work, *, by: Actor, now: datetime, view: SavedView) -> None:
    """Forget a view of one's own."""
    del now
    permissions.require(by, "enterprises.delete_view", view)
    work.record(view, name=view.name)
    SavedView.objects.filter(pk=view.pk).delete()


@service("enterprises.note_export")
def note_export(work: Work, *, by: Actor, now: datetime, what: str, columns: list[str]) -> None:
    """Leave an event that says who took a list of firms out of the system."""
    del now
    permissions.require(by, "enterprises.export")
    work.record("enterprises.enterprise", what=what, columns=columns)

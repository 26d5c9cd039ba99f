"""Reading imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.http import Http404

from zhitong.core import permissions
from zhitong.core.actor import Role, Side
from zhitong.enterprises.models import ImportBatch, ImportMapping
from zhitong.orgs.models import Posting

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhitong.core.actor import Actor


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """The imports an actor may see, newest first: one's own, and as dispatcher those of the units below."""
    rows = ImportBatch.objects.select_related("made_by")
    if actor.side is Side.SYSTEM:
        return rows
    if not permissions.may(actor, "enterprises.import"):
        return rows.none()
    scope = Q(made_by=actor.user)
    for path in actor.paths(Role.DISPATCHER):
        below = Posting.objects.filter(department__path__startswith=path, user=OuterRef("made_by"))
        scope |= Q(Exists(below))
    return rows.filter(scope)


def get_batch(actor: Actor, pk: int) -> ImportBatch:
    """Return an import the actor may see; 404 for every other."""
    row = batches(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def remembered(source: str) -> dict[str, str]:
    """Return what the headings of a source meant last time, by heading; empty for a new source."""
    row = ImportMapping.objects.filter(source=source).first()
    return dict(row.columns) if row else {}


def sources() -> list[str]:
    """The sources of earlier imports, the last used first."""
    return list(ImportMapping.objects.values_list("source", flat=True)[:50])

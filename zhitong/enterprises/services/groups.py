"""Changes to what firms are to each other: groups, and entries that are one firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_noop

from zhitong.core import permissions, search
from zhitong.core.errors import FasterError, FieldError, NotPermittedError, RefusedError
from zhitong.core.service import Work, service
from zhitong.enterprises.models import Enterprise, LikelyTwin, Merge, Relation
from zhitong.enterprises.models.firms import WHOLE
from zhitong.enterprises.queries import INDEX, standing
from zhitong.enterprises.services.traces import index, resize, tell
from zhitong.enterprises.twins import likeness
from zhitong.enterprises.words import RelationKind, TwinState

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

DEEPEST = 20  # steps up a group; a longer chain is a mistake


@service("enterprises.relate")
def relate(  # noqa: PLR0913 - the fields of a row
    work: Work,
    *,
    by: Actor,
    now: datetime,
    enterprise: Enterprise,
    parent: Enterprise,
    kind: str,
    share: int | None = None,
    source: str = "",
) -> Relation:
    """Say that a firm hangs on another one; `share` in basis points of the whole."""
    permissions.require(by, "enterprises.change", enterprise)
    if kind not in RelationKind.values:
        raise FieldError("kind", gettext_noop("Choose one of the kinds in the list."))
    if share is not None and not 1 <= share <= WHOLE:
        raise FieldError("share", gettext_noop("A share lies above 0 and is at most 100 percent."))
    if enterprise.pk == parent.pk or _hangs_on(parent, enterprise):
        raise FieldError("parent", gettext_noop("The other firm hangs on this one already."))
    if Relation.objects.filter(enterprise=enterprise, parent=parent, until__isnull=True).exists():
        raise FieldError("parent", gettext_noop("This relation is entered already."))
    row = Relation.objects.create(
        enterprise=enterprise, parent=parent, kind=kind, share=share, source=source, since=now
    )
    tell(enterprise, now=now, action="relate")
    work.record(row, tenant=enterprise.pk, parent=parent.pk, kind=kind, share=share)
    return row


def _hangs_on(firm: Enterprise, other: Enterprise) -> bool:
    level = {firm.pk}
    for _ in range(DEEPEST):
        level = set(
            Relation.objects.filter(enterprise__in=level, until__isnull=True).values_list("parent", flat=True)
        )
        if other.pk in level:
            return True
        if not level:
            break
    return False


@service("enterprises.end_relation")
def end_relation(work: Work, *, by: Actor, now: datetime, relation: Relation) -> Relation:
    """Say that a firm does not hang on another one any more."""
    permissions.require(by, "enterprises.change", relation.enterprise)
    if not Relation.objects.filter(pk=relation.pk, until__isnull=True).update(until=now):
        raise FasterError
    relation.refresh_from_db()
    tell(relation.enterprise, now=now, action="relate")
    work.record(relation, tenant=relation.enterprise_id, parent=relation.parent_id)
    return relation


@service("enterprises.merge")
def merge(
    work: Work, *, by: Actor, now: datetime, kept: Enterprise, dropped: Enterprise, reason: str
) -> Merge:
    """Say that two entries are one firm: the dropped one stays, and is read as the kept one from now on.

    Nothing that hangs on the dropped entry is moved, so that a split finds everything where it was.
    """
    permissions.require(by, "enterprises.merge")
    if by.user is None:
        raise NotPermittedError  # a person answers for it
    if kept.pk == dropped.pk or standing(kept).pk == standing(dropped).pk:
        raise FieldError("kept", gettext_noop("These are one firm already. Choose another one."))
    if not reason.strip():
        raise FieldError("reason", gettext_noop("Say why these are one firm."))
    both = Enterprise.objects.filter(pk__in=[kept.pk, dropped.pk], merged_into__isnull=True)
    if both.count() < 2:  # noqa: PLR2004 - the two of them
        raise RefusedError(gettext_noop("One of the two was merged already. Reload the page."))
    changed = Enterprise.objects.filter(pk=dropped.pk, merged_into__isnull=True, version=dropped.version)
    try:
        with transaction.atomic():
            if not changed.update(merged_into=kept, version=F("version") + 1, changed_at=now):
                raise FasterError
            row = Merge.objects.create(kept=kept, dropped=dropped, reason=reason, at=now, by_user_id=by.user)
    except IntegrityError as error:
        raise FasterError from error
    pair = sorted([kept.pk, dropped.pk])
    LikelyTwin.objects.filter(first=pair[0], second=pair[1]).update(
        state=TwinState.MERGED, settled_by=by.user
    )
    search.drop(INDEX, [dropped.pk])
    resize(kept, now=now)
    for firm in (kept, dropped):
        tell(firm, now=now, action="merge")
    work.record(row, tenant=kept.pk, kept=kept.pk, dropped=dropped.pk, reason=reason)
    return row


@service("enterprises.split")
def split(work: Work, *, by: Actor, now: datetime, merge: Merge, reason: str) -> Merge:
    """Take a merger back: both entries stand for themselves again, with what hung on each."""
    permissions.require(by, "enterprises.merge")
    if by.user is None:
        raise NotPermittedError
    if not reason.strip():
        raise FieldError("reason", gettext_noop("Say why these are two firms."))
    if not Merge.objects.filter(pk=merge.pk, split_at__isnull=True).update(
        split_at=now, split_by=by.user, split_reason=reason
    ):
        raise FasterError
    merge.refresh_from_db()
    Enterprise.objects.filter(pk=merge.dropped_id).update(
        merged_into=None, version=F("version") + 1, changed_at=now
    )
    both = list(Enterprise.objects.filter(pk__in=[merge.kept_id, merge.dropped_id]))
    index([firm for firm in both if firm.merged_into_id is None])
    for firm in both:
        resize(firm, now=now)
        tell(firm, now=now, action="split")
    pair = sorted([merge.kept_id, merge.dropped_id])
    settled = {"state": TwinState.DISTINCT, "settled_by_id": by.user}
    alike = likeness(*((firm.name, firm.address) for firm in both))
    LikelyTwin.objects.update_or_create(
        first_id=pair[0], second_id=pair[1], defaults=settled,
        create_defaults=settled | {"likeness": alike, "found_at": now},
    )  # fmt: skip
    work.record(merge, tenant=merge.kept_id, kept=merge.kept_id, dropped=merge.dropped_id, reason=reason)
    return merge


@service("enterprises.tell_apart")
def tell_apart(work: Work, *, by: Actor, now: datetime, twin: LikelyTwin) -> LikelyTwin:
    """Say that two firms that look alike are two; they are not proposed again."""
    del now
    permissions.require(by, "enterprises.merge")
    open_ones = LikelyTwin.objects.filter(pk=twin.pk, state=TwinState.OPEN)
    if not open_ones.update(state=TwinState.DISTINCT, settled_by=by.user):
        raise FasterError
    twin.refresh_from_db()
    work.record(twin, first=twin.first_id, second=twin.second_id)
    return twin

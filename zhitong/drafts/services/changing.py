"""Correcting drafts, dropping them with a reason, taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.core import permissions
from zhitong.core.errors import FasterError, FieldError
from zhitong.core.service import Work, service
from zhitong.drafts.marks import Row, judge
from zhitong.drafts.models import Draft
from zhitong.drafts.services.receiving import columns, sealed
from zhitong.drafts.states import DraftState
from zhitong.enterprises import queries as enterprise_queries

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

NO_REASON = gettext_noop("Please fill in this field.")


def step(draft: Draft, *, seen: int | None, was: str, **changes: Any) -> Draft:
    """Change a draft that is still in a state and at the version that was seen; FasterError otherwise."""
    version = draft.version if seen is None else seen
    waiting = Draft.objects.filter(pk=draft.pk, version=version, state=was)
    if not waiting.update(version=version + 1, **changes):
        raise FasterError
    return Draft.objects.select_related("firm", "lead", "near", "case", "lot", "unit").get(pk=draft.pk)


@service("drafts.change")
def change(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    draft: Draft,
    phone: str = "",
    version: int | None = None,
    **given: Any,
) -> Draft:
    """Correct a draft; what is said against it is found anew. An empty `phone` leaves the number as it is."""
    permissions.require(by, "drafts.change", draft)
    row = Row(
        draft.line, columns=columns(**given), names=tuple(filter(None, [given.get("firm_text", "").strip()]))
    )
    firm = row.columns.get("firm")
    if firm is not None and not enterprise_queries.visible(by).filter(pk=firm.pk).exists():
        raise FieldError("firm", gettext_noop("Choose a firm of your territory."))
    if phone.strip():
        row.columns |= sealed(phone)
        if not row.columns["phone_sealed"]:
            raise FieldError("phone", gettext_noop("This is no telephone number. Check the digits."))
    row.columns.setdefault("near", None)
    judge([row], by=by, unit=draft.unit, now=now, own=draft.pk)
    after = step(draft, seen=version, was=DraftState.OPEN, changed_at=now, changed_by=by.user, **row.columns)
    work.record(after, unit=after.unit_id, columns=sorted(row.columns), remarks=len(row.remarks))
    return after


@service("drafts.drop")
def drop(
    work: Work, *, by: Actor, now: datetime, draft: Draft, reason: str, version: int | None = None
) -> Draft:
    """Put a draft aside that is no case: a duplicate, an advertisement, a matter settled on the telephone."""
    permissions.require(by, "drafts.drop", draft)
    if not reason.strip():
        raise FieldError("reason", NO_REASON)
    after = step(
        draft, seen=version, was=DraftState.OPEN, changed_at=now, changed_by=by.user,
        state=DraftState.DROPPED, reason=reason.strip()[:200],
    )  # fmt: skip
    work.record(after, unit=after.unit_id, reason=after.reason)
    return after


@service("drafts.restore")
def restore(work: Work, *, by: Actor, now: datetime, draft: Draft, version: int | None = None) -> Draft:
    """Take a dropping back; the draft waits again."""
    permissions.require(by, "drafts.drop", draft)
    after = step(
        draft, seen=version, was=DraftState.DROPPED, changed_at=now, changed_by=by.user,
        state=DraftState.OPEN, reason="",
    )  # fmt: skip
    work.record(after, unit=after.unit_id)
    return after

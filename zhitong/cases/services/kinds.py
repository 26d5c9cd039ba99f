"""A case turns out to be of another kind of matter than was thought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from zhitong.cases.models import Case
from zhitong.cases.services import clocks
from zhitong.cases.services.moves import Said, move
from zhitong.cases.states import CallState, is_urgent, kinds
from zhitong.core.errors import FieldError, RefusedError
from zhitong.core.service import Work, service

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


@service("cases.reclassify")
def reclassify(
    work: Work,
    *,
    by: Actor,
    now: datetime,
    case: Case,
    kind: str,
    reason: str,
    version: int | None = None,
) -> Case:
    """Give an accepted case another kind; its deadline, and those of open parts, are counted for it."""
    del by
    if kind and kind not in kinds(case.sla_version):
        raise FieldError("kind", gettext_noop("Choose one of the kinds in the list."))
    if kind == case.kind:
        raise FieldError("kind", gettext_noop("The case is of this kind already. Choose another one."))
    if case.asking:
        raise RefusedError(gettext_noop("A request on this case is open. Decide on it first."))
    if case.deadline.get("extra"):
        raise RefusedError(
            gettext_noop("This case was given more time for its kind. The kind can no longer change.")
        )
    before = case.kind
    moved = move(
        work,
        case=case,
        action="reclassify",
        version=version,
        given={"kind": kind, "reason": reason},
        changes={"kind": kind, **_contact(case, kind, now)},
        said=Said(text=reason),
    )
    _parts(moved, now)
    if not is_urgent(moved.sla_version, kind):
        moved.calls.filter(ended_at__isnull=True).update(state=CallState.NEEDLESS, ended_at=now)
    work.record(moved, tenant=moved.enterprise_id, before=before, after=kind)
    return moved


def _contact(case: Case, kind: str, now: datetime) -> dict[str, Any]:
    """Until when the firm is contacted: sooner if the new kind says so, never later."""
    if case.lead_id is None or case.contacted_at is not None or not kind:
        return {}
    due = clocks.contact_due(sla_version=case.sla_version, kind=kind, now=now)
    sooner = due is not None and (case.contact_due_at is None or due < case.contact_due_at)
    return {"contact_due_at": due} if sooner else {}


def _parts(case: Case, now: datetime) -> None:
    given = {"sla_version": case.sla_version, "kind": case.kind, "now": now}
    for rows, clock in ((case.assists, "assist"), (case.soundings, "sounding")):
        for row in rows.filter(ended_at__isnull=True):
            columns = clocks.recount(row, clock, **given)
            if columns:
                # The version stays: a moved deadline is nobody's competing edit.
                rows.filter(pk=row.pk).update(**columns)

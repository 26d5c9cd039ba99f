"""Reading drafts: people see those of the units for which they take troubles down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from zhitong.drafts.models import Draft, Lot
from zhitong.drafts.states import TAKING, DraftState, Weight
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor


def units(actor: Actor) -> QuerySet[Department]:
    """The units for which the actor takes troubles down."""
    return Department.objects.filter(pk__in=actor.departments(*TAKING), active=True).order_by("path")


def visible(actor: Actor) -> QuerySet[Draft]:
    """The drafts of the actor's units, in the order in which they came in, the newest lot first."""
    rows = Draft.objects.filter(unit__in=actor.departments(*TAKING))
    return rows.select_related("firm", "lead", "near", "case", "lot", "unit").order_by("-lot", "line")


def get_draft(actor: Actor, pk: int) -> Draft:
    """Return a draft of the actor's units; 404 for every other."""
    row = visible(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def lots(actor: Actor) -> QuerySet[Lot]:
    """What came in at the actor's units, the newest first."""
    rows = Lot.objects.filter(unit__in=actor.departments(*TAKING))
    return rows.select_related("unit", "made_by").order_by("-id")


def get_lot(actor: Actor, pk: int) -> Lot:
    """Return a lot of the actor's units; 404 for every other."""
    row = lots(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def narrow(rows: QuerySet[Draft], filters: Mapping[str, Any]) -> QuerySet[Draft]:
    """Narrow drafts by lot, state, what is said against them, and words."""
    rows = rows.filter(state=filters.get("state") or DraftState.OPEN)
    if filters.get("lot"):
        rows = rows.filter(lot=filters["lot"])
    if filters.get("q"):
        rows = rows.filter(text__icontains=filters["q"])
    remark = filters.get("remark")
    if remark == "none":
        rows = rows.filter(weight="")
    elif remark in Weight.values:
        rows = rows.filter(weight=remark)
    if filters.get("firmless"):
        rows = rows.filter(firm__isnull=True)
    return rows


def open_number(actor: Actor, limit: int = 100) -> int:
    """How many drafts wait at the actor's units, counted to a bound."""
    return visible(actor).filter(state=DraftState.OPEN).order_by()[:limit].count()

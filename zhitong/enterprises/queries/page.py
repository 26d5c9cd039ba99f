"""What hangs on one firm, for its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import Http404

from zhitong.core import permissions
from zhitong.enterprises.models import (
    CreditMark,
    Enterprise,
    LikelyTwin,
    Merge,
    Relation,
    Sponsorship,
    Title,
)
from zhitong.enterprises.queries.scope import get_firm, same_firm, visible
from zhitong.enterprises.words import TwinState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from zhitong.core.actor import Actor


def of_firm(model: type[Any], firm: Enterprise) -> QuerySet[Any]:
    """The rows of a child table that belong to a firm, those of merged entries as well."""
    return model.objects.filter(enterprise__in=same_firm(firm))


def credit(firm: Enterprise) -> dict[str, CreditMark]:
    """What the newest look into each public list found, by list; a list nobody looked into is absent."""
    rows = of_firm(CreditMark, firm).filter(replaced_at__isnull=True)
    return {row.list: row for row in rows.order_by("checked_on", "id")}


def sponsors(firm: Enterprise) -> QuerySet[Sponsorship]:
    """Who stands up for the firm now."""
    return of_firm(Sponsorship, firm).filter(until__isnull=True).select_related("user")


def relations(firm: Enterprise) -> list[Relation]:
    """What the firm hangs on, and what hangs on it."""
    ids = same_firm(firm)
    rows = Relation.objects.filter(Q(enterprise__in=ids) | Q(parent__in=ids), until__isnull=True)
    return list(rows.select_related("enterprise", "parent"))


def merges(firm: Enterprise) -> QuerySet[Merge]:
    """The entries that were found to be this firm, those split again as well."""
    return Merge.objects.filter(kept__in=same_firm(firm)).select_related("dropped", "by_user")


def get_merge(actor: Actor, pk: int) -> Merge:
    """Return a running merger to those who may see the firm; 404 for others."""
    row = Merge.objects.filter(pk=pk, split_at__isnull=True).select_related("kept", "dropped").first()
    if row is None:
        raise Http404
    get_firm(actor, row.kept_id)
    return row


def get_title(actor: Actor, pk: int) -> Title:
    """Return a title of a firm the actor may see; 404 for every other."""
    title = Title.objects.filter(pk=pk).select_related("enterprise").first()
    if title is None:
        raise Http404
    get_firm(actor, title.enterprise_id)
    return title


def get_sponsorship(actor: Actor, pk: int) -> Sponsorship:
    """Return a running sponsorship of a firm the actor may see; 404 for every other."""
    row = Sponsorship.objects.filter(pk=pk, until__isnull=True).select_related("enterprise", "user").first()
    if row is None:
        raise Http404
    get_firm(actor, row.enterprise_id)
    return row


def get_relation(actor: Actor, pk: int) -> Relation:
    """Return a running relation of a firm the actor may see; 404 for every other."""
    row = Relation.objects.filter(pk=pk, until__isnull=True).select_related("enterprise", "parent").first()
    if row is None:
        raise Http404
    get_firm(actor, row.enterprise_id)
    return row


def likely_twins(actor: Actor) -> QuerySet[LikelyTwin]:
    """Pairs that look like one firm and wait for somebody to look, most alike first."""
    seen = visible(actor)
    rows = LikelyTwin.objects.filter(state=TwinState.OPEN, first__in=seen, second__in=seen)
    return rows.select_related("first", "second")


def get_twin(actor: Actor, pk: int) -> LikelyTwin:
    """Return a pair to those who may settle it; 404 for others."""
    row = likely_twins(actor).filter(pk=pk).first()
    if row is None or not permissions.may(actor, "enterprises.merge"):
        raise Http404
    return row

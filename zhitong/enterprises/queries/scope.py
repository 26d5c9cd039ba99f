"""Which firms somebody may see, and which entry stands for a firm that was merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from zhitong.core import slots
from zhitong.core.actor import Actor, Side
from zhitong.core.prepared import prepared
from zhitong.enterprises.models import Enterprise
from zhitong.orgs import queries as org_queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

INDEX = "firms"  # the name of the search index


def visible(actor: Actor, *, merged: bool = False) -> QuerySet[Enterprise]:
    """The firms an actor may see; entries merged into others only on request.

    A member sees the own firms, working staff those of their territory, a program those of its key's regions,
    administrators and visitors none.
    """
    rows = Enterprise.objects.all() if merged else Enterprise.objects.filter(merged_into__isnull=True)
    if actor.side is Side.SYSTEM:
        return rows
    if actor.side is Side.FIRM:
        return rows.filter(pk__in=actor.enterprises)
    if actor.side is Side.STAFF:
        return rows.filter(within(org_queries.territory(actor)))
    if actor.side is Side.MACHINE:
        return rows.filter(within(actor.regions))
    return rows.none()


def reaches(regions: Iterable[str], region: str) -> bool:
    """Whether one of the codes stands for a region: itself, its city, or everything."""
    return any(code in {"", region} or (code.endswith("00") and region[:4] == code[:4]) for code in regions)


def within(regions: Iterable[str], field: str = "region") -> Q:
    """Return the condition that a row lies in one of the regions; `field` holds its code."""
    regions = set(regions)
    if "" in regions:
        return Q()
    wide = {code[:4] for code in regions if code.isdigit() and code.endswith("00")}
    exact = {code for code in regions if code[:4] not in wide}
    # Nothing is a condition, too: an empty OR would let everything pass.
    found = Q(**{f"{field}__in": sorted(exact)})
    for prefix in sorted(wide):
        found |= Q(**{f"{field}__startswith": prefix})
    return found


def get_firm(actor: Actor, pk: int) -> Enterprise:
    """Return a firm the actor may see; the one it was merged into, where it was; 404 for every other."""
    firm = visible(actor, merged=True).filter(pk=pk).select_related("park").first()
    if firm is None and actor.side is Side.STAFF:
        firm = _called_in(actor, pk)
    if firm is None:
        raise Http404
    return standing(firm)


def _called_in(actor: Actor, pk: int) -> Enterprise | None:
    """Return a firm outside the actor's territory that a room above has brought to their desk."""
    firm = Enterprise.objects.filter(pk=pk).select_related("park").first()
    if firm is None:
        return None
    ids = family([firm.pk])
    called = any(called_in(actor=actor, enterprises=ids) for called_in in slots.firms_called_in)
    return firm if called else None


def standing(firm: Enterprise) -> Enterprise:
    """Return the entry that stands for a firm: itself, or the one at the end of its mergers."""
    while firm.merged_into_id is not None:
        firm = Enterprise.objects.select_related("park").get(pk=firm.merged_into_id)
    return firm


def merged_tops() -> dict[int, int]:
    """Return for each entry that was merged into another one which entry stands for it, by their ids."""
    rows = Enterprise.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into")
    above: dict[int, int] = dict(rows)
    tops = {}
    for entry, top in above.items():
        while top in above:
            top = above[top]  # noqa: PLW2901 - up to the end of the mergers
        tops[entry] = top
    return tops


@prepared
def _merged(ids: tuple[int, ...]) -> QuerySet[Enterprise, tuple[int, int]]:
    either = Q(pk__in=ids, merged_into__isnull=False) | Q(merged_into__in=ids)
    return Enterprise.objects.filter(either).values_list("pk", "merged_into")


def family(ids: Iterable[int]) -> frozenset[int]:
    """Return the ids with every entry that is the same firm: merged into them, or they into it."""
    found, new = set(ids), set(ids)
    while new:
        new = {pk for pair in _merged(tuple(new)) for pk in pair} - found
        found |= new
    return frozenset(found)


def same_firm(firm: Enterprise) -> frozenset[int]:
    """Return the ids of all entries that stand for one firm; what hangs on any of them is the firm's."""
    return family([firm.pk])

"""Reading precedents and canned answers; what one may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q
from django.http import Http404

from zhitong.cases import queries as case_queries
from zhitong.cases.states import TOLD
from zhitong.core.actor import WORKING_ROLES, Role, Side
from zhitong.core.hanging import hangs
from zhitong.insight import finding
from zhitong.insight.models import CannedAnswer, Precedent
from zhitong.insight.states import UNIT_ROLES, PrecedentState
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

OF_ROW = ("department", "author", "reviewer", "withdrawn_by", "case__intake", "case__lead")
# How the filter calls those that are due to be looked at again.
STALE = "stale"


def visible(actor: Actor, now: datetime) -> QuerySet[Precedent]:
    """The precedents in sight: to the office those that were published, and its own on their way there.

    A firm sees what may be suggested to it. From which case one was made is no part of this.
    """
    rows = Precedent.objects.select_related(*OF_ROW)
    if actor.side is Side.SYSTEM:
        return rows
    if actor.side is Side.FIRM:
        return rows.filter(pk__in=finding.suggested(now).values("pk"))
    if actor.side is not Side.STAFF or not actor.roles & WORKING_ROLES:
        return rows.none()
    own = Q(department__in=actor.departments(*UNIT_ROLES, Role.LEADER_IN_CHARGE))
    own |= Q(case__intake__in=actor.departments(Role.DISPATCHER))
    return rows.filter(own | Q(state=PrecedentState.PUBLISHED))


def get_precedent(actor: Actor, pk: int, now: datetime) -> Precedent:
    """Return a precedent the actor may see; 404 for every other."""
    return _found(visible(actor, now).filter(pk=pk))


def counted(rows: QuerySet[Precedent]) -> QuerySet[Precedent]:
    """With `used`, in how many answers a precedent was taken, and `sent`, how many of these the firm has."""
    sent = Count("uses", filter=Q(uses__case__state__in=TOLD))
    return rows.annotate(used=Count("uses"), sent=sent)


def counts(keys: list[int]) -> dict[int, Precedent]:
    """The precedents of these keys with how often they were used."""
    return counted(Precedent.objects.all()).in_bulk(keys)


def narrowed(rows: QuerySet[Precedent], filters: dict[str, Any], now: datetime) -> QuerySet[Precedent]:
    """The precedents that the filters of the page leave."""
    state = filters.get("state")
    if state == STALE:
        rows = rows.filter(state=PrecedentState.PUBLISHED).exclude(pk__in=finding.suggested(now).values("pk"))
    elif state:
        rows = rows.filter(state=state)
    if filters.get("category"):
        rows = rows.filter(category__in=case_queries.category_leaves(filters["category"]))
    if filters.get("department"):
        rows = rows.filter(department=filters["department"])
    return finding.by_words(rows, filters["q"])[0] if filters.get("q") else rows


def source_of(actor: Actor, precedent: Precedent) -> Case | None:
    """Return the case that a precedent was made from, to those who may see that."""
    return case_queries.visible(actor).filter(pk=precedent.case_id).first()


def live_of(case: Case) -> Precedent | None:
    """Return the precedent made from a case that was not withdrawn."""
    if not hangs(Precedent, case):  # most cases never become one
        return None
    rows = Precedent.objects.select_related(*OF_ROW).exclude(state=PrecedentState.WITHDRAWN)
    return rows.filter(case=case).first()


def to_review(actor: Actor, now: datetime) -> QuerySet[Precedent]:
    """The precedents in sight that wait for a review."""
    return visible(actor, now).filter(state=PrecedentState.REVIEW)


def canned(actor: Actor) -> QuerySet[CannedAnswer]:
    """The canned answers of the actor's units and of those above that serve all below."""
    rows = CannedAnswer.objects.select_related("department", "changed_by").filter(dropped_at__isnull=True)
    if actor.side is not Side.STAFF:
        return rows.none()
    above = org_queries.with_those_above(actor.paths(*WORKING_ROLES))
    own = Q(department__in=actor.departments(*WORKING_ROLES))
    return rows.filter(own | Q(below=True, department__path__in=sorted(above)))


def get_canned(actor: Actor, pk: int) -> CannedAnswer:
    """Return a canned answer the actor may use; 404 for every other."""
    return _found(canned(actor).filter(pk=pk))


def canned_units(actor: Actor) -> QuerySet[Department]:
    """The units whose canned answers the actor may use."""
    return org_queries.departments().filter(pk__in=canned(actor).order_by().values("department"))


def narrowed_canned(rows: QuerySet[CannedAnswer], filters: dict[str, Any]) -> QuerySet[CannedAnswer]:
    """The canned answers that the filters of the page leave."""
    if filters.get("department"):
        rows = rows.filter(department=filters["department"])
    for word in (filters.get("q") or "").split():
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
    return rows


def keeping_units(actor: Actor) -> QuerySet[Department]:
    """The units for which the actor may keep canned answers."""
    return org_queries.departments().filter(pk__in=actor.departments(*UNIT_ROLES, Role.DISPATCHER))


def expiring(until: Any) -> QuerySet[Precedent]:
    """The published precedents that are looked at again by a day, or should have been."""
    rows = Precedent.objects.filter(state=PrecedentState.PUBLISHED, valid_until__lte=until)
    return rows.select_related(*OF_ROW).order_by("valid_until", "pk")


def _found(rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise Http404
    return row

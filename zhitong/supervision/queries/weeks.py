"""Reading weekly lists: those a unit keeps, those its departments stand on, and how each case stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case as Choice
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value, When
from django.http import Http404
from django.utils.translation import gettext_lazy

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Entry
from zhitong.core.actor import Actor, Role, Side
from zhitong.core.clock import local_date
from zhitong.core.slots import LeaderMatter
from zhitong.orgs import queries as orgs_queries
from zhitong.supervision.models import WeekItem, WeekList
from zhitong.supervision.queries.matters import STEERING, UNIT_ROLES
from zhitong.supervision.states import CASE_CLEARED, CASE_ELSEWHERE, Standing, rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from zhitong.orgs.models import Department

BOUND = 100  # more than these nobody lays before a leader


def _kept(actor: Actor, way: str) -> Q:
    """The lists of units at and below where the actor dispatches or steers."""
    found = Q(pk__in=())
    for path in actor.paths(Role.DISPATCHER, *STEERING):
        found |= Q(**{f"{way}department__path__startswith": path})
    return found


def items(actor: Actor) -> QuerySet[WeekItem]:
    """The listed cases in sight: all of the lists one keeps, those that one's department leads of the others.

    `state_then` is the state of the case at the end of its week, or now while the week runs; `standing` is
    what that means for the list.
    """
    rows = WeekItem.objects.select_related(
        "week__department",
        "case__enterprise",
        "case__lead",
        "case__accountable",
        "said_by",
        "added_by",
        "off_by",
    )
    mine = Q(pk__in=())
    if actor.side is Side.STAFF:
        mine = _kept(actor, "week__") | Q(case__lead__in=actor.departments(*UNIT_ROLES))
    entries = Entry.objects.filter(case=OuterRef("case"), at__lt=OuterRef("week__ends_at")).order_by("-id")
    return (
        rows.filter(mine, case_queries.in_sight(actor))
        .annotate(state_then=Subquery(entries.values("to_state")[:1]))
        .annotate(
            standing=Choice(
                When(off_at__isnull=False, then=Value(Standing.OFF)),
                When(state_then__in=CASE_CLEARED, then=Value(Standing.CLEARED)),
                When(state_then__in=CASE_ELSEWHERE, then=Value(Standing.ELSEWHERE)),
                default=Value(Standing.OPEN),
            )
        )
        .order_by("case__lead__path", "case__due_at", "id")
    )


def weeks(actor: Actor) -> QuerySet[WeekList]:
    """The lists one keeps, and those on which a case of one's department stands; the newest first."""
    rows = WeekList.objects.select_related("department")
    if actor.side is not Side.STAFF:
        return rows.none()
    on_it = Exists(items(actor).filter(week=OuterRef("pk")))
    return rows.filter(_kept(actor, "") | Q(on_it)).order_by("-monday", "department__path")


def get_week(actor: Actor, pk: int) -> WeekList:
    """Return a list the actor may see; 404 for every other."""
    row = weeks(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def get_item(actor: Actor, pk: int) -> WeekItem:
    """Return a listed case the actor may see; 404 for every other."""
    row = items(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def counts(actor: Actor, shown: Iterable[WeekList]) -> dict[int, dict[str, int]]:
    """How many cases in sight stand how on each list: standing -> number, and `all`."""
    keys = [week.pk for week in shown]
    found = {key: dict.fromkeys(("all", *Standing.values), 0) for key in keys}
    rows = items(actor).filter(week__in=keys).order_by()
    for week, standing, number in rows.values_list("week", "standing").annotate(number=Count("pk")):
        found[week][standing] = number
        found[week]["all"] += number
    return found


def narrowed(rows: QuerySet[WeekItem], filters: dict[str, Any]) -> QuerySet[WeekItem]:
    """The listed cases that the filters of the page leave."""
    for name, column in (("standing", "standing"), ("why", "why"), ("department", "case__lead")):
        if filters.get(name):
            rows = rows.filter(**{column: filters[name]})
    return rows


def leads_of(rows: QuerySet[WeekItem]) -> QuerySet[Department]:
    """The lead departments of listed cases."""
    return orgs_queries.departments(active=False).filter(pk__in=rows.order_by().values("case__lead"))


def carried(week: WeekList) -> dict[int, int]:
    """The cases of the list before that stand there still, and on how many lists in a row they stood."""
    before = WeekList.objects.filter(department=week.department, monday__lt=week.monday).first()
    if before is None:
        return {}
    ended = Q(case__state__in=(*CASE_CLEARED, *CASE_ELSEWHERE))
    rows = WeekItem.objects.filter(week=before, off_at__isnull=True).exclude(ended)
    return dict(rows.values_list("case", "weeks"))


def without_list(monday: date) -> QuerySet[Department]:
    """The active units that take cases in, have a running one and no list for the week of a Monday."""
    listed = WeekList.objects.filter(monday=monday, department=OuterRef("pk"))
    running = case_queries.taken_in().filter(intake=OuterRef("pk"))
    return orgs_queries.departments().filter(Exists(running), ~Exists(listed), intake=True).order_by("pk")


def concerned(week: WeekList, actors: Iterable[Actor]) -> dict[int, int]:
    """For each of some people, by user, how many open cases of a list they see; nobody with none."""
    found = {actor.user: items(actor).filter(week=week, standing=Standing.OPEN).count() for actor in actors}
    return {user: number for user, number in found.items() if number}


def to_say(week: WeekList, actors: Iterable[Actor]) -> dict[int, int]:
    """For each of some people how many open cases of their departments nobody has said a word on."""
    found = {}
    for actor in actors:
        own = Q(case__lead__in=actor.departments(*UNIT_ROLES))
        rows = items(actor).filter(own, week=week, standing=Standing.OPEN, said_at__isnull=True)
        found[actor.user] = rows.count()
    return {user: number for user, number in found.items() if number}


def stuck(actor: Actor, now: datetime) -> list[LeaderMatter]:
    """The cases that could be laid before a leader because they stood on list after list."""
    least = rules(local_date(now))["week"]["stuck"]
    rows = items(actor).filter(
        week__ends_at__gt=now, standing=Standing.OPEN, weeks__gte=least, case__confidential=False
    )
    reason = gettext_lazy("Not cleared week after week")
    return [LeaderMatter(row.case_id, reason) for row in rows[:BOUND]]

"""Who sees which cases: the conditions that every list, file, figure and search of cases starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q

from zhitong.cases.models import Assist, Case, Sounding
from zhitong.core.actor import DEPARTMENT_ROLES, Actor, Role, Side
from zhitong.enterprises import queries as enterprise_queries
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from django.db.models import QuerySet

HANDLING = ("start", "answer", "review", "approve", "reject")  # steps that make somebody a handler
OVERSEERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
# What a line of a list shows, and what says who may read it.
LINE = (
    *("number", "title", "category", "kind", "state", "outcome", "reporter", "protected", "intake", "lead"),
    *("clock", "due_at", "deadline", "provisional", "created_at", "ended_at", "flow_version", "sla_version"),
    *("enterprise__name", "accountable__name", "accountable__name_en", "person__name"),
)


def had_a_hand(actor: Actor, case: Case) -> bool:
    """Whether the actor had a hand in the case: in charge, author, signer, or of the lead department."""
    if {case.person_id, case.answered_by_id} & actor.persons:
        return True
    if case.lead_id in actor.departments(*DEPARTMENT_ROLES):
        return True
    return case.entries.filter(action__in=HANDLING, by_user__in=actor.persons).exists()


def visible(actor: Actor) -> QuerySet[Case]:
    """All cases the actor may see.

    A firm sees its own; a department those it leads, helps with or took in; dispatchers, supervisors and
    leaders those of their unit and of everything below it; a program those of its key's regions;
    administrators none. A confidential case is seen only by those who work on it, and by nobody of the unit
    that it is about.
    """
    rows = Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake")
    if actor.side is Side.SYSTEM:
        return rows
    scope = Q(pk__in=())
    if actor.side is Side.FIRM:
        scope = Q(enterprise__in=actor.enterprises)
    elif actor.side is Side.STAFF:
        scope = _in_sight_of_staff(actor)
    elif actor.side is Side.MACHINE:
        scope = _in_regions(actor)
    return rows.filter(scope)


def at_hand(actor: Actor) -> QuerySet[Case]:
    """The cases that units of the actor's took in or lead, confidential ones too: what they may have to do.

    All of them are visible. Asked on their own they are read from an index of units, in the order of days;
    the whole of `visible` goes through all running cases.
    """
    rows = Case.objects.select_related("enterprise", "accountable", "person", "lead", "intake")
    dispatching, inside = actor.departments(Role.DISPATCHER), actor.departments(*DEPARTMENT_ROLES)
    if dispatching and inside:
        return rows.filter(Q(intake__in=dispatching) | Q(lead__in=inside), ~_about(actor))
    if dispatching:
        return rows.filter(~_about(actor), intake__in=dispatching)
    return rows.filter(~_about(actor), lead__in=inside)


def in_sight(actor: Actor, field: str = "case") -> Exists:
    """Return the condition that the case a row belongs to is visible, asked for each row by its number.

    Asked as `case__in=visible(actor)`, a database would gather all cases in sight first.
    """
    return Exists(visible(actor).select_related(None).filter(pk=OuterRef(field)))


def listed(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Leave out what a line of a list does not show: long texts and whole units are half its cost."""
    return rows.select_related(None).select_related("enterprise", "accountable", "person").only(*LINE)


def _in_sight_of_staff(actor: Actor) -> Q:
    inside = actor.departments(*DEPARTMENT_ROLES)
    working = Q(lead__in=inside) | Q(person__in=hands(actor))
    if inside:
        working |= _handled_with(inside) | Q(pk__in=_asked_to_help(inside))
        working |= Q(pk__in=_asked_beforehand(inside))
    looking_on = Q(pk__in=())
    for path in actor.paths(*OVERSEERS):
        looking_on |= below(path)
    own = working | Q(intake__in=actor.departments(Role.DISPATCHER))
    return (own | looking_on & Q(confidential=False)) & ~_about(actor)


def below(path: str) -> Q:
    """Return the condition that a unit or one below it took a case in or leads it.

    Units are asked for first: joined, their table would be read for every case.
    """
    units = orgs_queries.below(path)
    return Q(intake__in=units) | Q(lead__in=units)


def _about(actor: Actor) -> Q:
    """Return the condition that a case is about a unit of the actor's or one above."""
    units = orgs_queries.with_those_above(actor.paths())
    return Q(accused__isnull=False, accused__in=orgs_queries.with_paths(units))


def _handled_with(departments: frozenset[int]) -> Q:
    """Return the condition that a case is handled in another one which these departments lead."""
    main = Case.objects.filter(pk=OuterRef("merged_into"), lead__in=departments)
    return Q(merged_into__isnull=False) & Exists(main)


def _asked_to_help(departments: frozenset[int]) -> QuerySet[Any]:
    return Assist.objects.filter(department__in=departments).exclude(state="cancelled").values("case")


def _asked_beforehand(departments: frozenset[int]) -> QuerySet[Any]:
    return Sounding.objects.filter(department__in=departments, ended_at__isnull=True).values("case")


def _in_regions(actor: Actor) -> Q:
    """A case lies where its firm lies; without a firm, where it was taken in."""
    by_firm = Q(enterprise__isnull=False) & enterprise_queries.within(actor.regions, "enterprise__region")
    by_unit = Q(enterprise__isnull=True) & enterprise_queries.within(actor.regions, "intake__region")
    return (by_firm | by_unit) & Q(confidential=False)


def counted(actor: Actor) -> QuerySet[Case]:
    """The cases that an overseer's or a head's figures count, with confidential ones among them.

    Rows are shown from `visible`; nobody counts a case that is about a unit of their own.
    """
    scope = Q(lead__in=actor.departments(Role.SECTION_HEAD, Role.LEADER_IN_CHARGE))
    for path in actor.paths(*OVERSEERS):
        scope |= below(path)
    rows = Case.objects.filter(scope & ~_about(actor))
    return rows if actor.side is Side.STAFF else rows.none()


def hands(actor: Actor) -> frozenset[int]:
    """Return for whom the actor sees what they are in charge of: nobody without a handler's post."""
    return actor.persons if actor.departments(Role.HANDLER) else frozenset()

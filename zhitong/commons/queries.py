"""Reading common problems. Fetching is the permission check: what an actor may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.http import Http404

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Case
from zhitong.commons.models import CommonMember, CommonProblem
from zhitong.commons.states import EARLY, OPEN, TAKEN_UP, Standing, State
from zhitong.core.actor import Actor, Role, Side
from zhitong.orgs import queries as orgs_queries

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.orgs.models import Department, User

OVERSEERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
UNIT_ROLES = (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
COUNTED = Q(members__standing__in=(Standing.NEW, Standing.IN))


def visible(actor: Actor) -> QuerySet[CommonProblem]:
    """All common problems the actor may see, with `heat` (firms) and `since` (the first case).

    Dispatchers, supervisors and leaders see those of units at and below theirs, a dispatcher also those with
    a case that the own unit took in, a department those that it leads.
    """
    rows = CommonProblem.objects.select_related("department", "lead", "leading", "owner", "decided_by")
    rows = rows.annotate(
        heat=Count("members__case__enterprise", filter=COUNTED, distinct=True),
        since=Min("members__case__created_at", filter=COUNTED),
    )
    if actor.side is Side.SYSTEM:
        return rows
    scope = Q(pk__in=())
    if actor.side is Side.STAFF:
        own = CommonMember.objects.filter(
            problem=OuterRef("pk"), case__intake__in=actor.departments(Role.DISPATCHER)
        )
        scope = Q(Exists(own)) | Q(lead__in=actor.departments(*UNIT_ROLES), state__in=TAKEN_UP)
        for path in actor.paths(*OVERSEERS):
            scope |= Q(department__path__startswith=path)
    return rows.filter(scope)


def get_problem(actor: Actor, pk: int) -> CommonProblem:
    """Return a common problem the actor may see; 404 for every other."""
    row = visible(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def listed(actor: Actor, filters: dict[str, Any]) -> QuerySet[CommonProblem]:
    """The common problems in sight, narrowed by state, lead department and words; the hottest first."""
    rows = visible(actor)
    if filters.get("state") == "open":
        rows = rows.filter(state__in=OPEN)
    elif filters.get("state"):
        rows = rows.filter(state=filters["state"])
    if filters.get("lead"):
        rows = rows.filter(lead=filters["lead"])
    if filters.get("q"):
        words = filters["q"]
        rows = rows.filter(Q(title__icontains=words) | Q(entity__icontains=words))
    return rows.order_by("-heat", "-id")


def waiting(actor: Actor, units: frozenset[int]) -> QuerySet[CommonProblem]:
    """The common problems of some units about which somebody has to decide: proposals, and newcomers."""
    new = CommonMember.objects.filter(problem=OuterRef("pk"), standing=Standing.NEW, open=True)
    rows = visible(actor).filter(Exists(new), department__in=units, state__in=OPEN)
    return rows.order_by("-heat", "-id")


def leads_of(rows: QuerySet[CommonProblem]) -> QuerySet[Department]:
    """The lead departments of common problems."""
    return orgs_queries.departments(active=False).filter(pk__in=rows.order_by().values("lead"))


def members(actor: Actor, problem: CommonProblem) -> tuple[list[CommonMember], int]:
    """The cases of a common problem in sight, the leading one first, and how many there are besides."""
    rows = CommonMember.objects.filter(problem=problem)
    seen = list(
        rows.filter(case_queries.in_sight(actor))
        .select_related("case__enterprise", "case__intake", "case__lead", "problem")
        .order_by("-likeness", "id")
    )
    seen.sort(key=lambda row: row.case_id != problem.leading_id)
    return seen, rows.count() - len(seen)


def sees_leading(actor: Actor, problems: list[CommonProblem]) -> dict[int, Case]:
    """The leading cases of common problems that the actor sees, by their keys."""
    rows = case_queries.visible(actor).filter(pk__in=[row.leading_id for row in problems])
    return {case.pk: case for case in rows}


def of_case(actor: Actor, case: Case) -> list[CommonMember]:
    """How a case stands to common problems in sight; those that it was left out of are none."""
    rows = CommonMember.objects.filter(case=case, problem__in=visible(actor).values("pk"))
    kept = rows.exclude(standing=Standing.OUT).exclude(problem__state=State.DISMISSED)
    return list(kept.select_related("problem__leading").order_by("-id"))


def shown_cases(actor: Actor, keys: list[int]) -> QuerySet[Case]:
    """Cases in sight among some."""
    return case_queries.visible(actor).filter(pk__in=keys).order_by("id")


def can_lead(actor: Actor, problem: CommonProblem) -> QuerySet[Case]:
    """The cases of a common problem that can lead it: accepted by the actor's unit, without an answer."""
    mine = CommonMember.objects.filter(problem=problem, open=True).values("case")
    rows = case_queries.visible(actor).filter(
        pk__in=mine,
        state__in=case_queries.MAIN_STATES,
        intake__in=actor.departments(Role.DISPATCHER),
        confidential=False,
    )
    return rows.order_by("-lead_id", "id")


def can_follow(actor: Actor, case: Case, leading: Case) -> bool:
    """Whether the actor can still let a case be handled in the leading one."""
    if leading.state not in case_queries.MAIN_STATES:
        return False
    if leading.intake_id not in actor.departments(Role.DISPATCHER):
        return False
    early = case.state in EARLY and case.merged_into_id is None and not case.confidential
    return early and case.intake_id == leading.intake_id and not case.members.filter(state="merged").exists()


def owners(actor: Actor, problem: CommonProblem, now: datetime) -> QuerySet[User]:
    """Who can answer for the plan: heads of the lead department, leaders and dispatchers of the unit."""
    del actor
    heads = orgs_queries.holders(problem.lead_id, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE, now=now)
    above = orgs_queries.holders(problem.department_id, Role.LEADER, Role.DISPATCHER, now=now)
    chosen = {*heads.values_list("pk", flat=True), *above.values_list("pk", flat=True)}
    return orgs_queries.staff().filter(pk__in=chosen).order_by("name", "pk")


def led_by(case: int) -> QuerySet[CommonProblem]:
    """The confirmed common problems that a case leads."""
    return CommonProblem.objects.filter(leading=case, state__in=TAKEN_UP).order_by("pk")

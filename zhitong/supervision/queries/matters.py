"""Reading supervised matters. Fetching is the permission check: what an actor may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import Http404

from zhitong.cases import queries as case_queries
from zhitong.core.actor import Actor, Role, Side
from zhitong.core.hanging import hangs
from zhitong.orgs import queries as orgs_queries
from zhitong.supervision.models import (
    Check,
    Line,
    Matter,
    MatterCase,
    Referral,
    Report,
    Sample,
    Task,
)
from zhitong.supervision.states import OPEN_TASKS, WITH_UNIT, Finding, TaskState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.cases.models import Case
    from zhitong.orgs.models import Department

HEADS = (Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
UNIT_ROLES = (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
STEERING = (Role.SUPERVISOR, Role.LEADER)
CLOSING = ("close", "answer_for", "answer_assist", "answer_assist_for")  # steps that a check is about


def tasks(actor: Actor) -> QuerySet[Task]:
    """All tasks the actor may see.

    A unit sees its own; supervisors and leaders those of units at and below theirs, and all of the matters
    that were issued there. Nobody sees a matter about a case that is about their own unit.
    """
    rows = Task.objects.select_related(
        "matter", "matter__issued_by", "matter__department", "department", "person"
    )
    if actor.side is Side.SYSTEM:
        return rows
    scope = Q(pk__in=())
    if actor.side is Side.STAFF:
        scope = Q(department__in=actor.departments(*UNIT_ROLES))
        for path in actor.paths(*STEERING):
            scope |= Q(department__path__startswith=path) | Q(matter__department__path__startswith=path)
    return rows.filter(scope).exclude(matter__in=_about_us(actor))


def _about_us(actor: Actor) -> QuerySet[Any]:
    above = sorted(orgs_queries.with_those_above(actor.paths()))
    return MatterCase.objects.filter(case__accused__path__in=above).values("matter")


def visible(actor: Actor) -> QuerySet[Matter]:
    """All matters of which the actor sees a task."""
    rows = Matter.objects.select_related("issued_by", "department")
    return rows.filter(Exists(tasks(actor).filter(matter=OuterRef("pk"))))


def get_matter(actor: Actor, pk: int) -> Matter:
    """Return a matter the actor may see; 404 for every other."""
    matter = visible(actor).filter(pk=pk).first()
    if matter is None:
        raise Http404
    return matter


def get_task(actor: Actor, pk: int) -> Task:
    """Return a task the actor may see; 404 for every other."""
    task = tasks(actor).filter(pk=pk).first()
    if task is None:
        raise Http404
    return task


def get_report(actor: Actor, pk: int) -> Report:
    """Return a report on a task the actor may see; 404 for every other."""
    report = Report.objects.filter(pk=pk, task__in=tasks(actor)).first()
    if report is None:
        raise Http404
    return report


def listed(actor: Actor, filters: dict[str, Any], now: datetime) -> QuerySet[Task]:
    """The tasks in sight, narrowed by words, standing, kind and unit; newest first."""
    rows = tasks(actor)
    words = filters.get("q")
    if words:
        rows = rows.filter(
            Q(matter__title__icontains=words)
            | Q(matter__text__icontains=words)
            | Q(matter__number__icontains=words)
        )
    if filters.get("kind"):
        rows = rows.filter(matter__kind=filters["kind"])
    if filters.get("department"):
        rows = rows.filter(department=filters["department"])
    standing = {
        "open": Q(state__in=OPEN_TASKS),
        "cleared": Q(state=TaskState.CLEARED),
        "overdue": Q(state__in=WITH_UNIT, due_at__lt=now),
    }
    if filters.get("standing"):
        rows = rows.filter(standing[filters["standing"]])
    return rows.order_by("-matter", "id")


def of_unit(actor: Actor) -> QuerySet[Task]:
    """The tasks on which the actor's own units have the next step, most urgent first."""
    own = actor.departments(*UNIT_ROLES)
    return tasks(actor).filter(department__in=own, state__in=WITH_UNIT).order_by("due_at", "id")


def uncleared(actor: Actor) -> QuerySet[Task]:
    """The open tasks that the actor oversees: those to be cleared first, then the most urgent ones."""
    scope = Q(pk__in=())
    for path in actor.paths(*STEERING):
        scope |= Q(department__path__startswith=path) | Q(matter__department__path__startswith=path)
    return (
        tasks(actor)
        .filter(scope, state__in=OPEN_TASKS)
        .order_by(F("reported_at").asc(nulls_last=True), "due_at", "id")
    )


def about(actor: Actor, case: Case) -> QuerySet[Task]:
    """The tasks in sight of the matters about one case, newest first."""
    return tasks(actor).filter(matter__links__case=case).order_by("-id")


def others_told(matter: Matter, shown: list[Task]) -> list[Department]:
    """The units that have a task of the matter beside those of the tasks shown."""
    rows = Task.objects.filter(matter=matter).exclude(pk__in=[task.pk for task in shown])
    return [task.department for task in rows.select_related("department")]


def linked(actor: Actor, matter: Matter) -> tuple[list[Case], int]:
    """The cases a matter is about that the actor sees, and how many there are besides."""
    links = list(MatterCase.objects.filter(matter=matter).values_list("case", flat=True))
    seen = list(case_queries.visible(actor).filter(pk__in=links).order_by("pk"))
    return seen, len(links) - len(seen)


def chosen_cases(actor: Actor, numbers: list[int]) -> list[Case]:
    """The cases of a list of ids that the actor sees, in their order."""
    return list(case_queries.visible(actor).filter(pk__in=numbers).order_by("pk"))


def reports(shown: list[Task]) -> QuerySet[Report]:
    """The reports on tasks, oldest first."""
    return Report.objects.filter(task__in=shown).select_related("by_user").order_by("id")


def lines(shown: list[Task]) -> QuerySet[Line]:
    """The history of tasks, oldest first."""
    return Line.objects.filter(task__in=shown).select_related("task__department").order_by("id")


def units_for(actor: Actor, *roles: Role) -> QuerySet[Department]:
    """The units that the actor may give a task: those with a handler at or below where they hold a role."""
    scope = Q(pk__in=())
    for path in actor.paths(*roles):
        scope |= Q(path__startswith=path)
    return orgs_queries.leads().filter(scope)


def overdue_untold(now: datetime) -> QuerySet[Task]:
    """The tasks that are overdue and of which nobody was told yet."""
    rows = Task.objects.filter(state__in=WITH_UNIT, due_at__lt=now, overdue_told_at__isnull=True)
    return rows.select_related("matter", "department").order_by("id")


def referrals(actor: Actor) -> QuerySet[Referral]:
    """What lies before leaders, open ones first: for those before whom it lies and who may propose.

    Whoever does not see the case does not see it either.
    """
    rows = Referral.objects.select_related(
        "case", "case__intake", "to_department", "proposed_by", "decided_by", "matter"
    )
    scope = Q(case__intake__in=actor.departments(Role.DISPATCHER)) | Q(
        case__lead__in=actor.departments(*HEADS)
    )
    for path in actor.paths(*STEERING):
        scope |= Q(to_department__path__startswith=path)
    if actor.side is not Side.STAFF:
        return rows.none()
    return rows.filter(scope, case_queries.in_sight(actor)).order_by(
        F("decided_at").desc(nulls_first=True), "-id"
    )


def get_referral(actor: Actor, pk: int) -> Referral:
    """Return what lies before a leader to those who may see it; 404 for others."""
    row = referrals(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def samples(actor: Actor) -> QuerySet[Sample]:
    """The drawings of closed cases at and below the units of supervisors and leaders, newest first."""
    scope = Q(pk__in=())
    for path in actor.paths(*STEERING):
        scope |= Q(department__path__startswith=path)
    rows = Sample.objects.select_related("department", "drawn_by").filter(scope)
    counted = {
        "drawn": Count("checks"),
        "done": Count("checks", filter=Q(checks__found_at__isnull=False)),
        "false": Count("checks", filter=Q(checks__finding=Finding.FALSE)),
    }
    return rows.annotate(**counted).order_by("-until", "-id")


def get_sample(actor: Actor, pk: int) -> Sample:
    """Return a drawing the actor may see; 404 for every other."""
    row = samples(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def checks(actor: Actor) -> QuerySet[Check]:
    """The checks of drawings in sight, of cases in sight, in the order of the lot."""
    found = Check.objects.select_related("sample__department", "case", "case__lead", "checker")
    found = found.defer("sample__numbers")  # thousands; the page of the sample alone needs them
    seen = case_queries.visible(actor).values("pk")
    return found.filter(sample__in=samples(actor).values("pk"), case__in=seen).order_by("sample", "place")


def get_check(actor: Actor, pk: int) -> Check:
    """Return a check the actor may see; 404 for every other."""
    row = checks(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def took_part(actor: Actor, case: Case) -> bool:
    """Whether the actor handled the case, answered a part of it or closed it; urging it is no part."""
    if case_queries.had_a_hand(actor, case):
        return True
    return case.entries.filter(action__in=CLOSING, by_user__in=actor.persons).exists()


def drawing_units(actor: Actor) -> QuerySet[Department]:
    """The units for whose cases the actor may draw."""
    return orgs_queries.departments().filter(pk__in=actor.departments(Role.SUPERVISOR))


def falsely_closed(case: Case) -> Check | None:
    """The newest check that found a case falsely closed; whoever sees the case in the office may know."""
    if not hangs(Check, case):
        return None
    return Check.objects.filter(case=case, finding=Finding.FALSE).order_by("-found_at").first()

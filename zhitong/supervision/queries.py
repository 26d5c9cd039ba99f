"""Reading supervised matters. Fetching is the permission check: what an actor may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q
from django.http import Http404

from zhitong.cases import queries as case_queries
from zhitong.core.actor import Actor, Role, Side
from zhitong.orgs import queries as orgs_queries
from zhitong.supervision.models import Line, Matter, MatterCase, Report, Task
from zhitong.supervision.states import OPEN_TASKS, WITH_UNIT, TaskState

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.cases.models import Case
    from zhitong.orgs.models import Department

UNIT_ROLES = (Role.HANDLER, Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
STEERING = (Role.SUPERVISOR, Role.LEADER)


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

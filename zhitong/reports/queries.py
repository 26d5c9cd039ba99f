"""Reading templates, reports and the ledger. What an actor may not see is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.http import Http404

from zhitong.cases import queries as case_queries
from zhitong.cases.models import Assist, Case, Entry, Stretch
from zhitong.cases.states import profile, profiles
from zhitong.core.actor import WORKING_ROLES, Role
from zhitong.enterprises.queries import WORDS_OF
from zhitong.feedback.models import ReturnVisit
from zhitong.orgs.models import Department
from zhitong.orgs.queries import with_those_above
from zhitong.reports.models import LedgerView, Made, Report, Template, TemplateVersion

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from zhitong.core.actor import Actor

OVERSEERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.LEADER)
HEADS = (Role.SECTION_HEAD, Role.LEADER_IN_CHARGE)
READERS = (*OVERSEERS, *HEADS)
DATED = ("accept", "dispatch", "redispatch")  # steps whose day the ledger tells
TELLING = ("reviewed", "refused")  # states in which the firm is told
MADE = 20


def _found(rows: QuerySet[Any]) -> Any:
    row = rows.first()
    if row is None:
        raise Http404
    return row


# ---------------------------------------------------------------- the ledger


def ledger(actor: Actor) -> QuerySet[Case]:
    """The cases in the actor's sight with all that the ledger tells of them, in the order of their coming."""
    late = Stretch.objects.filter(case=OuterRef("pk"), clock="handle", late=True)
    told = Entry.objects.filter(Q(action__in=DATED) | Q(to_state__in=TELLING)).only(
        "id", "case_id", "action", "at", "from_state", "to_state"
    )
    helping = Assist.objects.exclude(state="cancelled").select_related("department")
    visits = ReturnVisit.objects.filter(valid=True).order_by("id")
    return (
        case_queries.visible(actor)
        .annotate(was_late=Exists(late))
        .prefetch_related(
            Prefetch("entries", queryset=told.order_by("id"), to_attr="dated"),
            Prefetch("assists", queryset=helping, to_attr="helping"),
            Prefetch("return_visits", queryset=visits, to_attr="valid_visits"),
            "ratings",
            "stages",
            *(f"enterprise__{name}" for name in WORDS_OF),
        )
        .order_by("id")
    )


def overdue(now: datetime) -> Q:
    """Return the condition that the office's time for a case is over; a firm's own time is not meant."""
    found = Q(pk__in=())
    for version in profiles():
        clocks = profile(version).get("climbing", case_queries.OFFICE)
        found |= Q(sla_version=version, clock__in=clocks)
    return found & Q(due_at__lt=now, ended_at__isnull=True)


def view_of(actor: Actor) -> LedgerView | None:
    """How the actor's ledger opens; None where nothing was kept."""
    return LedgerView.objects.filter(user=actor.user).first()


# ---------------------------------------------------------------- templates


def readable(actor: Actor) -> QuerySet[Template]:
    """All templates that the actor may use or has used: of the own units and of those above them."""
    above = sorted(with_those_above(actor.paths(*WORKING_ROLES)))
    return Template.objects.select_related("department", "made_by").filter(department__path__in=above)


def templates(actor: Actor) -> QuerySet[Template]:
    """The templates in use that the actor may fill in, with their versions."""
    versions = TemplateVersion.objects.defer("content").select_related("uploaded_by").order_by("-number")
    return (
        readable(actor)
        .filter(withdrawn_at__isnull=True)
        .prefetch_related(Prefetch("versions", queryset=versions, to_attr="all_versions"))
    )


def get_template(actor: Actor, pk: int) -> Template:
    """Return a template the actor may use; 404 for every other."""
    return _found(readable(actor).filter(pk=pk))


def versions(template: Template) -> QuerySet[TemplateVersion]:
    """The versions of a template without their content, newest first."""
    rows = TemplateVersion.objects.filter(template=template).defer("content")
    return rows.select_related("uploaded_by").order_by("-number")


def get_version(actor: Actor, pk: int) -> TemplateVersion:
    """Return a version of a template the actor may use, with its content; 404 for every other."""
    return _found(TemplateVersion.objects.filter(pk=pk, template__in=readable(actor)))


def newest(template: Template) -> TemplateVersion:
    """Return the version that is filled in, with its content."""
    return _found(TemplateVersion.objects.filter(template=template).order_by("-number"))


def made(actor: Actor, template: Template) -> QuerySet[Made]:
    """The latest documents that the actor made of a template."""
    rows = Made.objects.filter(version__template=template, by_user__in=actor.persons)
    return rows.select_related("version").defer("version__content").order_by("-id")[:MADE]


def keeping(actor: Actor, *roles: Role) -> QuerySet[Department]:
    """The units in which the actor holds one of the roles, in the order of the tree."""
    return Department.objects.filter(pk__in=actor.departments(*roles), active=True).order_by("path")


# ---------------------------------------------------------------- reports


def reports(actor: Actor) -> QuerySet[Report]:
    """The reports in the actor's sight, newest first, without their figures."""
    scope = Q(overseeing=False, department__in=actor.departments(*HEADS))
    for path in actor.paths(*OVERSEERS):
        scope |= Q(department__path__startswith=path)
    return Report.objects.filter(scope).select_related("department", "made_by").defer("figures")


def get_report(actor: Actor, pk: int) -> Report:
    """Return a report in the actor's sight, with its figures; 404 for every other."""
    return _found(reports(actor).filter(pk=pk).defer(None))


def is_in_sight(actor: Actor, report: Any) -> bool:
    """Whether a report lies in the actor's sight."""
    heads = not report.overseeing and report.department_id in actor.departments(*HEADS)
    return heads or any(report.department.path.startswith(path) for path in actor.paths(*OVERSEERS))

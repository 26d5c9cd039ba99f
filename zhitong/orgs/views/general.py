"""Configuration screens: departments, the permission table, the audit log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core import queries as core_queries
from zhitong.core.actor import Role
from zhitong.core.http import finish, signed_in
from zhitong.orgs import queries, services
from zhitong.orgs.forms import DepartmentForm, NewDepartmentForm
from zhitong.orgs.states import ROLE_LABELS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.core.actor import Actor

PAGE = 100


@signed_in
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The configuration screens this person may open."""
    permissions.require(request.actor, "orgs.see_departments")
    context = {
        "may_read_audit": permissions.may(request.actor, "audit.read"),
        "may_see_staff": may_see_staff(request.actor),
    }
    return render(request, "orgs/index.html", context)


def may_see_staff(actor: Actor) -> bool:
    """Whether the list of staff is open to the actor: two administrators share it."""
    return any(permissions.may(actor, name) for name in ("orgs.edit_staff", "orgs.edit_posts"))


@signed_in
@require_GET
def departments(request: HttpRequest) -> HttpResponse:
    """The tree of departments."""
    permissions.require(request.actor, "orgs.see_departments")
    rows = queries.departments(active=False)
    context = {"rows": rows, "may_edit": permissions.may(request.actor, "orgs.edit_departments")}
    return render(request, "orgs/departments.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def new_department(request: HttpRequest) -> HttpResponse:
    """Add a department."""
    permissions.require(request.actor, "orgs.edit_departments")
    return finish(
        request,
        form=NewDepartmentForm(request.POST or None),
        perform=lambda given: services.create_department(by=request.actor, now=clock.now(), **given),
        then="orgs:departments",
        template="orgs/form.html",
        heading=_("New department"),
        back="orgs:departments",
    )


@signed_in
@require_http_methods(["GET", "POST"])
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a department."""
    row = queries.get_department(request.actor, pk)
    permissions.require(request.actor, "orgs.edit_departments")
    fields = ("name", "name_en", "region", "intake", "signing", "active")
    return finish(
        request,
        form=DepartmentForm(request.POST or None, initial={name: getattr(row, name) for name in fields}),
        perform=lambda given: services.change_department(
            by=request.actor, now=clock.now(), department=row, **given
        ),
        then="orgs:departments",
        template="orgs/form.html",
        heading=row.label,
        back="orgs:departments",
    )


@signed_in
@require_GET
def permission_table(request: HttpRequest) -> HttpResponse:
    """Who may do what: generated from the same table that decides."""
    permissions.require(request.actor, "orgs.see_permissions")
    rows = [
        {
            "name": name,
            "text": predicate.text,
            "roles": [role in predicate.roles for role in Role],
        }
        for name, predicate in permissions.table().items()
    ]
    return render(
        request, "orgs/permissions.html", {"rows": rows, "roles": [ROLE_LABELS[role] for role in Role]}
    )


@signed_in
@require_GET
def audit_log(request: HttpRequest) -> HttpResponse:
    """The audit log, for audit administrators."""
    permissions.require(request.actor, "audit.read")
    page = Paginator(core_queries.audit_events(request.actor), PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "query": "", "unnamed": queries.unnamed(page.object_list)}
    return render(request, "orgs/audit.html", context)

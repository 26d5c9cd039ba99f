"""Templates of bureaus: taken in, looked at, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import finish, signed_in
from zhitong.reports import documents, exports, fields, queries
from zhitong.reports.forms import TemplateForm, WithdrawForm
from zhitong.reports.values import text
from zhitong.reports.views.ledger import TYPES, download

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """The templates that can be filled in, and every field that one may hold."""
    permissions.require(request.actor, "reports.see_templates")
    context = {
        "templates": queries.templates(request.actor),
        "fields": fields.fields().values(),
        "forms": fields.forms(),
        "may_add": permissions.may(request.actor, "reports.keep_templates"),
    }
    return render(request, "reports/templates.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take a template in, and go on to look at it."""
    permissions.require(request.actor, "reports.keep_templates")
    form = TemplateForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.perform(by=request.actor, now=clock.now())
        except FieldError as error:
            form.take_back(error)
        else:
            return redirect("reports:template", version.template_id)
    return render(request, "reports/add.html", {"form": form})


@signed_in
@require_GET
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """A template: its fields, known and unknown, a look with real cases, versions, documents made of it."""
    found = queries.get_template(request.actor, pk)
    permissions.require(request.actor, "reports.fill", found)
    now = clock.now()
    newest = queries.newest(found)
    columns, rows = documents.look(request.actor, newest, now)
    single = documents.single(request.actor, newest, {}, now, len(rows))
    context = {
        "template": found,
        "versions": queries.versions(found),
        "newest": newest,
        "known": documents.known(newest),
        "unknown": documents.unknown(newest),
        "columns": columns,
        "rows": rows,
        "single": [
            (field, text(single.get(field.key)))
            for field in documents.known(newest)
            if field.group != fields.CASE
        ],
        "made": queries.made(request.actor, found),
        "may_withdraw": found.withdrawn_at is None
        and permissions.may(request.actor, "reports.withdraw_template", found),
    }
    return render(request, "reports/template.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a template no longer."""
    found = queries.get_template(request.actor, pk)
    permissions.require(request.actor, "reports.withdraw_template", found)
    form = WithdrawForm(request.POST or None)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), template=found),
        then="reports:template",
        then_args=(pk,),
        template="reports/withdraw.html",
        row=found,
    )


@signed_in
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version of a template as it was sent."""
    found = queries.get_version(request.actor, pk)
    name = f"{found.template.name}-{found.number}.{found.template.format}"
    return download(bytes(found.content), name, TYPES[found.template.format])


@signed_in
@require_GET
def standard(request: HttpRequest) -> HttpResponse:
    """The standard ledger as a template to begin with."""
    permissions.require(request.actor, "reports.see_templates")
    name = _("Standard ledger")
    return download(exports.standard(), f"{name}.xlsx", TYPES["xlsx"])

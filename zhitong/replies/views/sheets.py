"""Sheets for units without accounts: handed out, brought back, looked at, entered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import finish, signed_in
from zhitong.replies import exports, queries, services
from zhitong.replies.forms import EnterSheetForm, SheetForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@signed_in
@require_GET
def give(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the sheet of a unit."""
    permissions.require(request.actor, "replies.sheet")
    department, now = queries.get_unit(request.actor, pk), clock.now()
    matters = services.give_sheet(by=request.actor, now=now, department=department)
    return exports.blank(department, matters, now=now)


@signed_in
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a sheet that came back, and go on to look at it."""
    permissions.require(request.actor, "replies.sheet")
    department = queries.get_unit(request.actor, pk)
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            sheet = form.perform(by=request.actor, now=clock.now(), department=department)
        except FieldError as error:
            form.take_back(error)
        else:
            return redirect("replies:sheet", sheet.pk)
    return render(request, "replies/sheet_in.html", {"form": form, "department": department})


@signed_in
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what would become of each row; after a word what has become of it."""
    found = queries.get_sheet(request.actor, pk)
    permissions.require(request.actor, "replies.enter_sheet", found)
    judged = services.judge(request.actor, found) if found.taken_at is None else []
    form = EnterSheetForm(request.POST or None)
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), sheet=found),
        then="replies:sheet",
        then_args=(found.pk,),
        template="replies/sheet.html",
        sheet=found,
        good=[row for row in judged if not row.msgid],
        bad=[row for row in judged if row.msgid] if found.taken_at is None else exports.refused_rows(found),
        empty=sum(1 for kept in found.rows if services.SheetRow(**kept).empty),
        entered=queries.replies(request.actor).filter(sheet=found).order_by("line"),
    )


@signed_in
@require_GET
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the rows of a sheet that could not be entered, with the reasons."""
    return exports.refused(queries.get_sheet(request.actor, pk), now=clock.now())

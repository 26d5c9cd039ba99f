"""Common problems: the list, one of them, and what a person decides."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.commons import exports, pages, queries
from zhitong.commons.forms import ConfirmForm, DismissForm, FilterForm, MonthForm, SettleForm
from zhitong.commons.states import Standing, State, kind_label
from zhitong.core import clock, permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError
from zhitong.core.http import finish, signed_in

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from zhitong.commons.models import CommonProblem

PAGE = 50
STEPS = ("confirm", "dismiss", "take_in", "set_month")


@signed_in
@require_GET
def problem_list(request: HttpRequest) -> HttpResponse:
    """The common problems in sight, narrowed by filters that stay in the address."""
    permissions.require(request.actor, "commons.see")
    form, found = _filtered(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kept = _kept(request)
    context = {
        "form": form,
        "page_obj": page,
        "rows": pages.rows(request.actor, page.object_list, clock.now()),
        "filtered": bool(kept),
        "query": kept.urlencode(),
    }
    return render(request, "commons/list.html", context)


def _kept(request: HttpRequest) -> QueryDict:
    """What narrows the list; without any of it the open ones are shown, on each page."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept


def _filtered(request: HttpRequest) -> tuple[FilterForm, Any]:
    form = FilterForm(
        _kept(request) or {"state": "open"}, leads=queries.leads_of(queries.visible(request.actor))
    )
    return form, queries.listed(request.actor, form.cleaned_data if form.is_valid() else {})


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook: what the screen shows, all pages."""
    permissions.require(request.actor, "commons.see")
    _form, found = _filtered(request)
    rows = pages.rows(request.actor, islice(found.iterator(), exports.LIMIT), clock.now())
    return exports.workbook(rows, now=clock.now())


@signed_in
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One common problem: why it is one, its cases, who leads it, what can be done."""
    problem = queries.get_problem(request.actor, pk)
    return render(request, "commons/detail.html", _context(request, problem))


def _context(request: HttpRequest, problem: CommonProblem) -> dict[str, Any]:
    now = clock.now()
    found, hidden = queries.members(request.actor, problem)
    may = {name: permissions.may(request.actor, f"commons.{name}", problem) for name in STEPS}
    waits = any(row.open and row.standing == Standing.NEW for row in found)
    return {
        "problem": problem,
        "row": pages.rows(request.actor, [problem], now)[0],
        "kind": kind_label(problem.kind, local_date(now)),
        "lines": pages.lines(request.actor, problem, found),
        "hidden": hidden,
        "confirm": may["confirm"] and problem.state == State.PROPOSED,
        "settle": may["take_in"] and problem.state == State.CONFIRMED and waits,
        "month": may["set_month"] and problem.state == State.CONFIRMED,
    }


@signed_in
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with which a person says that the cases are one matter."""
    problem = queries.get_problem(request.actor, pk)
    permissions.require(request.actor, "commons.confirm", problem)
    members, _hidden = queries.members(request.actor, problem)
    form = ConfirmForm(request.POST or None, actor=request.actor, problem=problem, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.actor, now=clock.now(), problem=problem)
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _told(request, problem))
            return redirect("commons:detail", pk=pk)
    context = {**_context(request, problem), "form": form}
    return render(request, "commons/confirm.html", context)


def _told(request: HttpRequest, problem: CommonProblem) -> str:
    """Say how many cases follow the leading one now, and how many came too late for that."""
    problem = queries.get_problem(request.actor, problem.pk)
    found, _hidden = queries.members(request.actor, problem)
    kept = [line for line in pages.lines(request.actor, problem, found) if line.member.open]
    follow = sum(line.follows for line in kept)
    late = sum(not line.follows and not line.leads for line in kept)
    text = _(
        "Confirmed. Cases that follow the leading one: %(follow)d. "
        "Linked only, too late to be merged: %(late)d."
    )
    return text % {"follow": follow, "late": late}


@signed_in
@require_http_methods(["GET", "POST"])
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with which a person says why the cases are not one matter."""
    problem = queries.get_problem(request.actor, pk)
    permissions.require(request.actor, "commons.dismiss", problem)
    return _step(
        request, problem, DismissForm(request.POST or None, problem=problem), _("Dismiss"), danger=True
    )


@signed_in
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Newcomers of a confirmed problem: taken in, or left out."""
    problem = queries.get_problem(request.actor, pk)
    permissions.require(request.actor, "commons.take_in", problem)
    members, _hidden = queries.members(request.actor, problem)
    form = SettleForm(request.POST or None, actor=request.actor, problem=problem, members=members)
    take = request.POST.get("step") != "leave_out"
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), problem=problem, take=take),
        then="commons:detail",
        then_args=(problem.pk,),
        template="commons/settle.html",
        problem=problem,
    )


@signed_in
@require_http_methods(["GET", "POST"])
def month(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with which a leader makes a problem the matter of the month."""
    problem = queries.get_problem(request.actor, pk)
    permissions.require(request.actor, "commons.set_month", problem)
    form = MonthForm(request.POST or None, actor=request.actor, problem=problem, now=clock.now())
    return _step(request, problem, form, _("Make it the matter of the month"))


def _step(
    request: HttpRequest, problem: CommonProblem, form: Any, label: str, *, danger: bool = False
) -> HttpResponse:
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=clock.now(), problem=problem),
        then="commons:detail",
        then_args=(problem.pk,),
        template="commons/step.html",
        problem=problem,
        label=label,
        danger=danger,
    )

"""Rating, return visits, exclusions and figures: parse, one call, render."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.cases import queries as case_queries
from zhitong.cases import services as case_services
from zhitong.core import clock, permissions
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError
from zhitong.core.http import finish, signed_in
from zhitong.core.kept import filters_of, keeps_filters
from zhitong.feedback import columns, exports, figures, queries, services
from zhitong.feedback.forms import (
    DecisionForm,
    ExclusionForm,
    FiguresForm,
    RatingForm,
    VisitForm,
    VisitsForm,
)
from zhitong.feedback.states import rule

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.cases.models import Case

PAGE = 50


def _received(case: Case) -> str:
    """What a firm is told after its rating: what happens next where nothing is solved."""
    if case.state != "rated":
        return _("Your rating was received. The unit works on your matter again and answers you anew.")
    if case_services.held_back(case, "close"):
        return _("Your rating was received. You are still dissatisfied: a leader looks at the matter.")
    return _("Thank you. Your rating was received.")


@signed_in
@require_http_methods(["GET", "POST"])
def rate(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer once more, and the stars."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.rate", case)
    form = RatingForm(request.POST or None, initial={"version": case.version})
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.actor, now=clock.now(), case=case)
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _received(case_queries.get_case(request.actor, pk)))
            return redirect("cases:detail", pk=pk)
    # Not before: a form sent twice must still find its first result.
    case_services.check_possible(by=request.actor, case=case, action="rate")
    return render(request, "feedback/rate.html", {"case": case, "form": form})


@signed_in
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """A return visit: the answer once more, and what the firm said."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "feedback.visit_back", case)
    form = VisitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.actor, now=clock.now(), case=case)
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("cases:detail", pk=pk)
    return render(request, "feedback/visit.html", {"case": case, "form": form})


@signed_in
@require_GET
@keeps_filters("visits")
def visits(request: HttpRequest) -> HttpResponse:
    """The answered cases whose firm was not asked yet."""
    permissions.require(request.actor, "feedback.see_visits")
    form = VisitsForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    found = queries.to_visit(request.actor, clock.now(), filters)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    today = local_date(clock.now())
    context = {
        "form": form,
        "page_obj": page,
        "rows": [(case, queries.visit_due(case)) for case in page.object_list],
        "today": today,
        "days": rule("visit_due", today),
        "query": filters_of(request),
    }
    return render(request, "feedback/visits.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def exclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to leave a case out of the rates."""
    case = case_queries.get_case(request.actor, pk)
    permissions.require(request.actor, "feedback.ask_exclusion", case)
    return finish(
        request,
        form=ExclusionForm(request.POST or None),
        perform=lambda given: services.ask_exclusion(by=request.actor, now=clock.now(), case=case, **given),
        then="cases:detail",
        then_args=(pk,),
        template="feedback/exclude.html",
        case=case,
    )


@signed_in
@require_GET
def exclusions(request: HttpRequest) -> HttpResponse:
    """What was asked to be left out, and what became of it."""
    permissions.require(request.actor, "feedback.see_exclusions")
    page = Paginator(queries.exclusions(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "feedback/exclusions.html", {"page_obj": page, "query": ""})


@signed_in
@require_http_methods(["GET", "POST"])
def exclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """One request to leave a case out: decide on it."""
    row = queries.get_exclusion(request.actor, pk)
    permissions.require(request.actor, "feedback.decide_exclusion", row.case)
    return finish(
        request,
        form=DecisionForm(request.POST or None),
        perform=lambda given: services.decide_exclusion(
            by=request.actor,
            now=clock.now(),
            key=given["key"],
            exclusion=row,
            approved=given["approved"] == "yes",
            answer=given["answer"],
        ),
        then="feedback:exclusions",
        template="feedback/exclusion.html",
        row=row,
        case=row.case,
    )


@signed_in
@require_GET
def figure_table(request: HttpRequest) -> HttpResponse:
    """How units handle cases: one table, every figure opens its rows."""
    permissions.require(request.actor, "feedback.see_figures")
    form, period, group = _asked(request)
    found = figures.cells(request.actor, period, group, now=clock.now())
    query = urlencode({"begin": period.begin, "end": period.end, "group": group})
    context = {
        "form": form,
        "sections": _sections(figures.lines(found, period, group), f"{reverse('feedback:rows')}?{query}"),
        "meanings": columns.MEANINGS,
        "by": dict(form.fields["group"].choices)[group],
        "suggestions": _suggestions(found) if group in figures.CATEGORIES else [],
        "period": period,
        "query": query,
        "presets": _presets(),
    }
    return render(request, "feedback/figures.html", context)


@signed_in
@require_GET
def figure_export(request: HttpRequest) -> HttpResponse:
    """The same table as a workbook."""
    permissions.require(request.actor, "feedback.see_figures")
    _form, period, group = _asked(request)
    return exports.workbook(figures.table(request.actor, period, group, now=clock.now()), period)


@signed_in
@require_GET
def figure_rows(request: HttpRequest) -> HttpResponse:
    """The cases behind one figure."""
    permissions.require(request.actor, "feedback.see_figures")
    _form, period, group = _asked(request)
    key, figure = request.GET.get("key", figures.ALL), request.GET.get("figure", "received")
    labels = columns.LABELS | (columns.SUGGESTIONS if group in figures.CATEGORIES else {})
    if figure not in labels:
        raise Http404
    found, hidden = figures.rows(request.actor, period, group, key, figure, now=clock.now())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {"page_obj": page, "hidden": hidden, "query": kept.urlencode(), "period": period}
    context["back"] = f"begin={period.begin}&end={period.end}&group={group}"
    context["label"] = labels[figure]
    return render(request, "feedback/rows.html", context)


def _asked(request: HttpRequest) -> tuple[FiguresForm, figures.Period, str]:
    """The period and the grouping of the address; this month by department where it makes no sense."""
    this_month = _presets()[0][1]
    default = {"begin": this_month.begin, "end": this_month.end, "group": "department"}
    form = FiguresForm(request.GET if "begin" in request.GET else default)
    given = form.cleaned_data if form.is_valid() else default
    return form, figures.Period(given["begin"], given["end"]), given["group"]


def _suggestions(found: dict[str, figures.Cell]) -> list[tuple[str, Any, int]]:
    """How often words suggested a category, and how often people took it: figure, label, number."""
    whole = found[figures.ALL].counts
    return [(figure, label, whole[figure]) for figure, label in columns.SUGGESTIONS.items()]


def _sections(lines: list[figures.Line], address: str) -> list[dict[str, Any]]:
    """The tables of the page: heads, and of each unit its cells and where they open."""
    return [
        {
            "title": section.title,
            "groups": section.groups,
            "columns": section.columns,
            "rows": [
                (
                    line.label,
                    f"{address}&key={line.key}&figure=",
                    [columns.shown(line, c) for c in section.columns],
                )
                for line in lines
            ],
        }
        for section in columns.SECTIONS
    ]


def _presets() -> list[tuple[str, figures.Period]]:
    """Periods that people ask for: this month, the last one, this quarter, this year."""
    today = clock.local_date(clock.now())
    month = today.replace(day=1)
    last = month - timedelta(days=1)
    quarter = month.replace(month=3 * ((month.month - 1) // 3) + 1)
    return [
        (_("This month"), figures.Period(month, today)),
        (_("Last month"), figures.Period(last.replace(day=1), last)),
        (_("This quarter"), figures.Period(quarter, today)),
        (_("This year"), figures.Period(today.replace(month=1, day=1), today)),
    ]

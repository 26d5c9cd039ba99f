"""The list of tasks, the page of a matter, and the forms that make and move them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core import queries as core_queries
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.core.kept import filters_of, keeps_filters
from zhitong.supervision import exports, pages, queries, writing
from zhitong.supervision.forms import STEP_FORMS, FilterForm, InstructForm, OrderForm, TranscribeForm
from zhitong.supervision.states import SPOKEN

if TYPE_CHECKING:
    from django.http import HttpRequest

    from zhitong.supervision.models import Matter

PAGE = 50
MATTER_FORMS = {"instruct": InstructForm, "order": OrderForm}


@signed_in
@require_GET
@keeps_filters("supervision")
def task_list(request: HttpRequest) -> HttpResponse:
    """All tasks in sight, narrowed by filters that stay in the address."""
    permissions.require(request.actor, "supervision.see")
    form, found = _filtered(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": pages.rows(page.object_list, clock.now()),
        "filtered": any(form.cleaned_data.values()) if form.is_valid() else False,
        "query": filters_of(request),
        "oversees": permissions.may(request.actor, "supervision.oversee"),
        **{name: permissions.may(request.actor, f"supervision.{name}") for name in MATTER_FORMS},
    }
    return render(request, "supervision/list.html", context)


def _filtered(request: HttpRequest) -> tuple[FilterForm, Any]:
    form = FilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    return form, queries.listed(request.actor, filters, clock.now())


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook: exactly what the screen shows, all pages."""
    permissions.require(request.actor, "supervision.see")
    _form, found = _filtered(request)
    return exports.workbook(found, now=clock.now())


@signed_in
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter: what is to be done, who has it, what was reported, what can be done."""
    matter = queries.get_matter(request.actor, pk)
    context = _matter_context(request, matter)
    spoken = matter.medium in SPOKEN
    context["may_transcribe"] = spoken and permissions.may(request.actor, "supervision.transcribe", matter)
    return render(request, "supervision/detail.html", context)


@signed_in
@require_GET
def print_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The matter on paper."""
    matter = queries.get_matter(request.actor, pk)
    return render(request, "supervision/print.html", _matter_context(request, matter))


def _matter_context(request: HttpRequest, matter: Matter) -> dict[str, Any]:
    cards = pages.cards(request.actor, matter, clock.now())
    cases, hidden = queries.linked(request.actor, matter)
    return {
        "matter": matter,
        "cards": cards,
        "others": queries.others_told(matter, [card.task for card in cards]),
        "files": list(core_queries.uploads_of(f"supervision.matter:{matter.pk}")),
        "cases": cases,
        "hidden": range(hidden),
        "standing": pages.standing(cards),
    }


@signed_in
@require_GET
def circular_word(request: HttpRequest, pk: int) -> HttpResponse:
    """A circular as a Word document, to be stamped and sent."""
    row = queries.get_circular(request.actor, pk)
    response = HttpResponse(writing.circular(row), content_type=writing.WORD)
    name = f"{row.task.matter.number}-{row.get_step_display()}.docx"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def issue_view(name: str) -> Any:
    """Return the view of one way to make a matter: its form on GET, its service on POST."""

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        permissions.require(request.actor, f"supervision.{name}")
        now = clock.now()
        form = MATTER_FORMS[name](
            request.POST or None,
            request.FILES or None,
            actor=request.actor,
            now=now,
            cases=request.GET.get("cases", ""),
        )
        if request.method == "POST" and form.is_valid():
            try:
                matter = form.perform(by=request.actor, now=now)
            except FieldError as error:
                form.take_back(error)
            else:
                messages.success(request, _("Issued. The units are told."))
                return redirect("supervision:detail", pk=matter.pk)
        return render(request, f"supervision/{name}.html", {"form": form})

    view.__name__ = f"issue_{name}"
    return view


@signed_in
@require_http_methods(["GET", "POST"])
def transcribe(request: HttpRequest, pk: int) -> HttpResponse:
    """What a recording or a handwriting says, in writing."""
    matter = queries.get_matter(request.actor, pk)
    permissions.require(request.actor, "supervision.transcribe", matter)
    form = TranscribeForm(request.POST or None, matter=matter)
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.actor, now=clock.now())
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("supervision:detail", pk=pk)
    files = list(core_queries.uploads_of(f"supervision.matter:{matter.pk}"))
    return render(request, "supervision/transcribe.html", {"matter": matter, "form": form, "files": files})


def step_view(name: str) -> Any:
    """Return the view of one step of a task: its form on GET, its service on POST."""
    step = pages.STEPS[name]

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        task = queries.get_task(request.actor, pk)
        permissions.require(request.actor, f"supervision.{name}", task)
        form = STEP_FORMS[name](request.POST or None, request.FILES or None, task=task)
        if request.method == "POST" and form.is_valid():
            try:
                form.perform(by=request.actor, now=clock.now())
            except FieldError as error:
                form.take_back(error)
            else:
                messages.success(request, _("Done."))
                return redirect("supervision:detail", pk=task.matter_id)
        context = {"task": task, "form": form, "label": step.label, "danger": step.danger}
        return render(request, "supervision/step.html", context)

    view.__name__ = f"step_{name}"
    return view

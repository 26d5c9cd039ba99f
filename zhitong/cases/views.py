"""Pages of cases: parse, one service call, render."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhitong.cases import (
    advice,
    alike,
    batch,
    beginnings,
    calls,
    exports,
    pages,
    parts,
    queries,
    reporters,
    services,
    soundings,
)
from zhitong.cases.forms import (
    ACTION_FORMS,
    ASSIST_FORMS,
    BATCH_FORMS,
    CallForm,
    CategoriseForm,
    FilterForm,
    OwnAlikeForm,
    PlansForm,
    SubmitForm,
)
from zhitong.cases.states import Asking, newest_flow
from zhitong.core import clock, data, hanging, panels, permissions, slots, undo
from zhitong.core import queries as core_queries
from zhitong.core.actor import Side
from zhitong.core.errors import FieldError
from zhitong.core.http import COUNTS, signed_in, whole
from zhitong.core.kept import filters_of, keeps_filters
from zhitong.core.paging import BoundedPaginator

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from zhitong.cases.finding import Narrowed
    from zhitong.cases.models import Case

PAGE = 50
LEAD_CHOSEN = frozenset({"dispatch", "redispatch"})
GROUPING = frozenset({"submitted", "accepted"})  # states in which a case may be handled in another one
SUGGESTED = ("lead", "person", "main")  # what an address may fill in
LEADING = frozenset({"dispatch", "redispatch", "transfer", "object", "overrule", "uphold"})
IN_PRINCIPLE = {
    "take_back_answer": "take_back",
    "object": "dispute",
    "decline": "decide",
    **{f"ask_{kind}": "ask" for kind in Asking},
    **{f"grant_{kind}": "decide" for kind in Asking},
}


def _side(request: HttpRequest) -> str:
    return "firm" if request.actor.side is Side.FIRM else "staff"


@signed_in
@require_GET
@keeps_filters("cases")
def case_list(request: HttpRequest) -> HttpResponse:
    """All cases in sight, narrowed by filters that stay in the address."""
    form, narrowed = _filtered(request)
    # Where words are searched for, the line shows where they stand: in the long texts.
    found = narrowed.rows if narrowed.words else queries.listed(narrowed.rows)
    page = BoundedPaginator(found, PAGE).get_page(request.GET.get("page"))
    steps = batch.steps(request.actor)
    context = {
        "form": form,
        "page_obj": page,
        "rows": pages.found_rows(request.actor, page.object_list, narrowed.words, clock.now()),
        "found": narrowed.notice,
        "batch_steps": steps,
        "ticks": bool(steps),
        "filtered": any(form.cleaned_data.values()) if form.is_valid() else False,
        "query": filters_of(request),
    }
    return render(request, f"cases/list_{_side(request)}.html", context)


def _filtered(request: HttpRequest) -> tuple[FilterForm, Narrowed]:
    form = FilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    rows = queries.search(_newest(request), filters, clock.now())
    return form, queries.by_words(request.actor, rows, filters.get("q"))


def _newest(request: HttpRequest) -> Any:
    return queries.visible(request.actor).order_by("-id")


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The filtered list as a workbook: exactly what the screen shows, all pages."""
    _form, narrowed = _filtered(request)
    return exports.workbook(narrowed.rows, actor=request.actor, now=clock.now())


@signed_in
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """The form with which a firm says what troubles it."""
    permissions.require(request.actor, "cases.submit")
    form = SubmitForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            case = form.perform(by=request.actor, now=clock.now())
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("Your case was submitted. You can follow it here."))
            return redirect("cases:detail", pk=case.pk)
    return render(request, "cases/submit.html", {"form": form}, status=200)


@signed_in
@require_POST
def own_alike(request: HttpRequest) -> HttpResponse:
    """What a firm said before that is like what it is about to submit; a piece of the form."""
    permissions.require(request.actor, "cases.submit")
    form = OwnAlikeForm(request.POST, actor=request.actor)
    found = form.found(by=request.actor, now=clock.now()) if form.is_valid() else []
    panels_ = []
    if form.is_valid():
        text = form.cleaned_data["text"]
        panels_ = panels.draw(slots.writing_panels, actor=request.actor, subject=text, now=clock.now())
    return render(request, "cases/_own_alike.html", {"alike": found, "panels": panels_})


@signed_in
@require_GET
def case_alike(request: HttpRequest, pk: int) -> HttpResponse:
    """Recent cases that are like one that was just taken in."""
    case = queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.merge", case)
    found = alike.recent_like(request.actor, case, clock.now())
    possible = case.state in GROUPING and not case.confidential
    mains = queries.mergeable(case).filter(pk__in=[row.case.pk for row in found] if possible else [])
    context = {"case": case, "alike": found, "mains": set(mains.values_list("pk", flat=True))}
    return render(request, "cases/alike.html", context)


@signed_in
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One case: where it is, who has it, until when, what was said, what can be done."""
    case = queries.get_case(request.actor, pk)
    hanging.look(case)
    return render(request, f"cases/detail_{_side(request)}.html", _detail_context(request, case))


@signed_in
@require_GET
def here(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else has the case open, and whether it has changed since; a piece of its page."""
    case = queries.get_case(request.actor, pk)
    if request.actor.side is not Side.STAFF:
        raise Http404
    now = clock.now()
    services.be_here(by=request.actor, now=now, case=case)
    others = [
        (row.user.name, int((now - row.since).total_seconds()) // 60)
        for row in queries.here(request.actor, case, now)
    ]
    seen = whole(request.GET.get("version", ""), below=COUNTS)
    changed = seen is not None and seen != case.version
    return render(request, "cases/_here.html", {"case": case, "others": others, "changed": changed})


def _detail_context(request: HttpRequest, case: Case) -> dict[str, Any]:
    now = clock.now()
    table = core_queries.day_table(clock.local_date(now))
    found = pages.buttons(request.actor, case)
    primary = next((button for button in found if button.primary), None)
    timeline = pages.timeline(request.actor, case)
    context = {
        "case": case,
        "clock": pages.clock(case, now, table),
        "explanation": pages.explanation(case),
        "steps": pages.steps(case),
        "timeline": timeline,
        "asked": pages.asked(timeline),
        "panels": panels.draw(slots.panels, actor=request.actor, subject=case, now=now),
        "primary": primary,
        "held_back": services.held_back(case, primary.name) if primary else None,
        "primary_form": pages.action_form(primary.name, case, now) if primary else None,
        "beginnings": beginnings.offered(request.actor, case, primary.name, now) if primary else [],
        "others": [button for button in found if button is not primary],
        "stages": list(queries.stages(case)) if case.grade else [],
    }
    if request.actor.side is Side.STAFF:
        context["parts"] = parts.of_case(request.actor, case, now)
        context["waits_for"] = " · ".join(
            part.assist.department.label for part in context["parts"] if part.assist.ended_at is None
        )
        context["reporter_known"] = reporters.known(request.actor, case)
        context["own_parts"] = [part for part in context["parts"] if part.own_steps]
        context["request_open"] = pages.request_of(case)
        context["signature"] = pages.signature(case)
        context["advice"] = None
        if primary is not None and primary.name in LEAD_CHOSEN:
            context["advice"] = advice.suggest(request.actor, case, now)
            context["advice_url"] = primary.url
        context["look_alike"] = case.state in GROUPING and permissions.may(request.actor, "cases.merge", case)
        context["members"] = queries.members(request.actor, case)
        context["main"] = queries.main_of(request.actor, case)
        context["calls"] = calls.of_case(case, now)
        context["soundings"] = soundings.shown(request.actor, case, now)
        context["to_answer"] = [row for row in context["soundings"] if row.may_answer]
        context["may_sound"] = _may_sound(request, case)
        waiting = queries.first_to_do(request.actor, now)
        context["inbox"] = pages.rows(waiting[: queries.INBOX], now, table)
        context["more_waits"] = len(waiting) > queries.INBOX
        context["categorising"] = _categorising(request, case, primary, now)
        context["linkable"] = case.enterprise_id is None and permissions.may(
            request.actor, "cases.link_firm", case
        )
        context["stretches"] = queries.stretches(case)
    return context


def _may_sound(request: HttpRequest, case: Case) -> bool:
    """Whether the reader may ask units now: before the dispatch, and never about a confidential case."""
    asked_now = case.state == services.ASKED_IN and not case.confidential
    return asked_now and permissions.may(request.actor, "cases.sound", case)


def _categorising(request: HttpRequest, case: Case, primary: Any, now: datetime) -> CategoriseForm | None:
    """The form in the rail; none where the next step asks for the category itself."""
    asked = primary is not None and primary.name == "accept"
    if asked or not permissions.may(request.actor, "cases.categorise", case):
        return None
    return CategoriseForm(case=case, now=now, auto_id="id_categorise_%s")


@signed_in
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """One step on several cases: look first, say why once, then a receipt for each."""
    permissions.require(request.actor, "cases.see_plans")
    given = request.POST if request.method == "POST" else request.GET
    step, numbers = given.get("step", ""), given.getlist("case")
    if not batch.takes(request.actor, step):
        raise Http404
    now = clock.now()
    chosen = batch.chosen(request.actor, step, numbers)
    form = BATCH_FORMS[step](request.POST or None, now=now)
    context = {"step": step, "label": batch.label(step), "chosen": chosen, "form": form}
    if request.method == "POST":
        if not chosen.rows:
            raise Http404
        chosen.check()
    if request.method == "POST" and form.is_valid():
        context["receipt"] = batch.run(
            by=request.actor, now=now, step=step, chosen=chosen, given=form.cleaned_data
        )
        context["back"] = batch.back(step, context["receipt"])
        return render(request, "cases/batch_receipt.html", context)
    return render(request, "cases/batch.html", context)


@signed_in
@require_GET
@keeps_filters("plans")
def plans(request: HttpRequest) -> HttpResponse:
    """What is on the plan instead of being closed: class, stages, which day comes next."""
    permissions.require(request.actor, "cases.see_plans")
    form = PlansForm(request.GET)
    found = queries.planned(request.actor, form.cleaned_data if form.is_valid() else {})
    page = BoundedPaginator(queries.listed(found), PAGE).get_page(request.GET.get("page"))
    rows = pages.rows(page.object_list, clock.now())
    context = {"form": form, "page_obj": page, "rows": rows, "query": filters_of(request)}
    return render(request, "cases/plans.html", context)


@signed_in
@require_GET
def print_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The case on paper."""
    case = queries.get_case(request.actor, pk)
    lines = pages.timeline(request.actor, case)
    context = {"case": case, "timeline": list(reversed(lines))}
    if request.actor.side is Side.STAFF:
        context["signatures"] = pages.signatures(lines)
    context["clock"] = pages.clock(case, clock.now())
    return render(request, "cases/print.html", context)


@signed_in
@require_GET
def lead_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """On paper: which unit leads, until when, and what was said against it."""
    case = queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.see_plans")
    if case.lead is None:
        raise Http404
    lines = [line for line in pages.timeline(request.actor, case) if line.entry.action in LEADING]
    context = {"case": case, "lines": list(reversed(lines)), "clock": pages.clock(case, clock.now())}
    return render(request, "cases/lead_sheet.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, pk: int) -> HttpResponse:
    """One telephone call: whom to ring, and what came of it."""
    row = queries.get_call(request.actor, pk)
    now = clock.now()
    form = CallForm(request.POST or None, call=row)
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.actor, now=now)
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("Done."))
            return redirect("cases:detail", pk=row.case_id)
    context = {"form": form, "row": calls.rows([row], now)[0], "case": row.case}
    return render(request, "cases/call.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def categorise(request: HttpRequest, pk: int) -> HttpResponse:
    """What a case is about: its words suggest it, a person says it."""
    case = queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.categorise", case)
    form = CategoriseForm(request.POST or None, case=case, now=clock.now())
    if request.method == "POST" and form.is_valid():
        try:
            after = form.perform(by=request.actor, now=clock.now())
        except FieldError as error:
            form.take_back(error)
        else:
            back = reverse("cases:take_back_category", args=[pk])
            undo.say(request, _("Saved."), back=back, category=after.category)
            return redirect("cases:detail", pk=pk)
    context = {"case": case, "form": form, "label": _("What the case is about"), "danger": False}
    return render(request, "cases/action_staff.html", {**context, "advice": None, "beginnings": []})


@signed_in
@require_POST
def take_back_category(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was just said of what a case is about."""
    case = queries.get_case(request.actor, pk)
    permissions.require(request.actor, "cases.categorise", case)
    services.take_back_category(
        by=request.actor, now=clock.now(), case=case, category=request.POST.get("category", "")
    )
    messages.success(request, _("Taken back."))
    return redirect("cases:detail", pk=pk)


def action_view(name: str) -> Any:
    """Return the view of one action: its form on GET, its service on POST."""

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        case = queries.get_case(request.actor, pk)
        # Whoever might in principle is told by the service why not now, in a sentence of its own.
        permissions.require(request.actor, f"cases.{IN_PRINCIPLE.get(name, name)}", case)
        now = clock.now()
        form = ACTION_FORMS[name](
            request.POST or None,
            request.FILES or None,
            case=case,
            now=now,
            auto_id=f"id_{name}_%s",
            initial=_initial(request, case, name, now),
        )
        if request.method == "POST" and form.is_valid():
            try:
                after = form.perform(by=request.actor, now=now)
            except FieldError as error:
                form.take_back(error)
            else:
                moved = isinstance(after, type(case)) and after.state != case.state
                sentence = _("Done. The case has moved on.") if moved else _("Done.")
                undo.say(request, sentence, **pages.way_back(request.actor, name, after))
                return redirect("cases:detail", pk=pk)
        # Not before: a form sent twice must still find its first result.
        services.check_possible(by=request.actor, case=case, action=name)
        context = {**_action_context(name, case, form), "advice": None}
        context["beginnings"] = beginnings.offered(request.actor, case, name, now)
        if name in LEAD_CHOSEN:
            context["advice"] = advice.suggest(request.actor, case, now)
            context["advice_url"] = request.path
        return render(request, f"cases/action_{_side(request)}.html", context)

    view.__name__ = f"action_{name}"
    return view


def _initial(request: HttpRequest, case: Case, name: str, now: datetime) -> dict[str, Any]:
    """What an address fills in: names of units and people, or a text that a room above keeps."""
    found: dict[str, Any] = {field: request.GET[field] for field in SUGGESTED if field in request.GET}
    text = beginnings.text(request.actor, case, name, request.GET.get("begin", ""), now)
    return found | ({"text": text} if text else {})


def _action_context(name: str, case: Case, form: Any) -> dict[str, Any]:
    row = newest_flow().actions[name]
    return {"case": case, "form": form, "label": data.label(row.label), "danger": row.danger, "name": name}


def assist_view(name: str) -> Any:
    """Return the view of one step of another department's part: its form on GET, its service on POST."""
    step = parts.STEPS[name]

    @signed_in
    @require_http_methods(["GET", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        assist = queries.get_assist(request.actor, pk)
        permissions.require(request.actor, step.permission, assist)
        now = clock.now()
        form = ASSIST_FORMS[name](request.POST or None, assist=assist, now=now)
        if request.method == "POST" and form.is_valid():
            try:
                form.perform(by=request.actor, now=now)
            except FieldError as error:
                form.take_back(error)
            else:
                messages.success(request, _("Done."))
                return redirect("cases:detail", pk=assist.case_id)
        context = {
            "case": assist.case,
            "form": form,
            "label": step.label,
            "danger": step.danger,
            "part": assist,
            "beginnings": [],
        }
        return render(request, "cases/action_staff.html", context)

    view.__name__ = f"assist_{name}"
    return view

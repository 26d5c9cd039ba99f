"""Pages of drafts: paste, drop a file, look through, correct, enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import finish, signed_in
from zhitong.core.kept import filters_of, keeps_filters
from zhitong.drafts import batch, pages, queries, services
from zhitong.drafts.forms import (
    DraftForm,
    DropForm,
    EnterForm,
    EnterManyForm,
    FilterForm,
    MailFilterForm,
    PasteForm,
    RestoreForm,
    SheetForm,
)
from zhitong.drafts.states import DraftState

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.drafts.models import Lot

PAGE = 100
BATCH_FORMS = {"enter": EnterManyForm, "drop": DropForm, "restore": RestoreForm}


@signed_in
@require_GET
@keeps_filters("drafts", drop=("page", "lot"))
def draft_list(request: HttpRequest) -> HttpResponse:
    """What waits to be entered, narrowed by filters that stay in the address."""
    permissions.require(request.actor, "drafts.see")
    form = FilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    found = queries.narrow(queries.visible(request.actor), filters)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lot = queries.get_lot(request.actor, filters["lot"]) if filters.get("lot") else None
    context = {
        "form": form,
        "page_obj": page,
        "lines": pages.lines(page.object_list, clock.now()),
        "filtered": any(value for name, value in filters.items() if name != "lot"),
        "query": filters_of(request, drop=("page", "lot")),
        "lot": lot,
        "dropped": filters.get("state") == DraftState.DROPPED,
        "waits": (filters.get("state") or DraftState.OPEN) == DraftState.OPEN,
    }
    return render(request, "drafts/list.html", context)


@signed_in
@require_GET
def lot_list(request: HttpRequest) -> HttpResponse:
    """What came in at once: files and notes, newest first."""
    permissions.require(request.actor, "drafts.see")
    page = Paginator(queries.lots(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "drafts/lots.html", {"page_obj": page, "lots": page.object_list, "query": ""})


@signed_in
@require_GET
def mail_list(request: HttpRequest) -> HttpResponse:
    """Which e-mails were fetched and what became of each; what is no draft can be read."""
    permissions.require(request.actor, "drafts.see")
    form = MailFilterForm(request.GET)
    outcome = form.cleaned_data["outcome"] if form.is_valid() else ""
    found = queries.mails(request.actor)
    page = Paginator(found.filter(outcome=outcome) if outcome else found, PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "form": form,
        "page_obj": page,
        "mails": page.object_list,
        "query": f"outcome={outcome}",
        "filtered": bool(outcome),
        "fetches": bool(settings.IMAP_HOST),
    }
    return render(request, "drafts/mails.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """Paste a chat or a note of a call."""
    permissions.require(request.actor, "drafts.receive")
    form = PasteForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            lot = form.perform(by=request.actor, now=clock.now())
        except FieldError as error:
            form.take_back(error)
        else:
            return redirect("drafts:draft", lot.drafts.get().pk)
    return render(request, "drafts/paste.html", {"form": form})


@signed_in
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Drop a spreadsheet; each row becomes a draft."""
    permissions.require(request.actor, "drafts.receive")
    form = SheetForm(request.POST or None, request.FILES or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            lot = form.perform(by=request.actor, now=clock.now())
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _read(lot))
            return redirect(f"{reverse('drafts:list')}?lot={lot.pk}")
    return render(request, "drafts/sheet.html", {"form": form})


def _read(lot: Lot) -> str:
    sentence = ngettext("%(number)d row was read.", "%(number)d rows were read.", lot.rows)
    return sentence % {"number": lot.rows}


@signed_in
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: what came in, what is said against it, its correction, and entering it."""
    row = queries.get_draft(request.actor, pk)
    now = clock.now()
    words = request.GET.get("find", "").strip()
    firms = pages.firms(request.actor, row, words, clock.local_date(now))
    heard = queries.transcripts([f"drafts.draft:{row.pk}"])
    form = DraftForm(request.POST or None, draft=row, firms=firms)
    form.add_heard(heard, request.GET.get("heard", ""))
    return finish(
        request,
        form=form,
        perform=lambda _given: form.perform(by=request.actor, now=now),
        then="drafts:draft",
        then_args=(pk,),
        template="drafts/draft.html",
        draft=row,
        line=pages.lines([row], now)[0],
        files=pages.files(row),
        find=words,
        heard=heard,
        waits=row.state == DraftState.OPEN,
        enter_form=EnterForm(now=now, draft=row),
    )


@signed_in
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a draft as a case."""
    row = queries.get_draft(request.actor, pk)
    permissions.require(request.actor, "drafts.enter", row)
    now = clock.now()
    form = EnterForm(request.POST or None, now=now, draft=row)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            done = services.enter(
                by=request.actor,
                now=now,
                key=given["key"],
                draft=row,
                way=form.way(),
                version=given["version"],
            )
        except FieldError as error:
            form.take_back(error)
        else:
            messages.success(request, _("Entered as case %(number)s.") % {"number": done.case.number})
            return redirect("drafts:list")
    context = {"form": form, "draft": row, "line": pages.lines([row], now)[0]}
    return render(request, "drafts/enter.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def many(request: HttpRequest) -> HttpResponse:
    """One step on several drafts: look first, then a receipt for each."""
    permissions.require(request.actor, "drafts.see")
    given = request.POST if request.method == "POST" else request.GET
    step = given.get("step", "")
    if step not in batch.STEPS:
        raise Http404
    now = clock.now()
    chosen = batch.chosen(request.actor, step, given.getlist("draft"))
    form_class = BATCH_FORMS[step]
    bound = request.POST or None
    form = form_class(bound, now=now) if step == "enter" else form_class(bound)
    context = {"step": step, "label": batch.label(step), "chosen": chosen, "form": form}
    if request.method == "POST" and not chosen.rows:
        raise Http404
    if request.method == "POST" and form.is_valid():
        context["receipt"] = batch.run(
            by=request.actor, now=now, step=step, chosen=chosen, given=form.cleaned_data
        )
        context["dropped"] = [row.draft for row in context["receipt"] if step == "drop" and row.done]
        return render(request, "drafts/receipt.html", context)
    return render(request, "drafts/many.html", context)

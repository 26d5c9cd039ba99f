"""The ledger: filters that stay, columns one chooses, the same list on screen, in Excel and in a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhitong.core import clock, permissions
from zhitong.core.http import XLSX, signed_in
from zhitong.reports import exports, queries, services
from zhitong.reports import ledger as ledgers
from zhitong.reports.forms import FillForm, KeepViewForm, LedgerForm

if TYPE_CHECKING:
    from django.http import HttpRequest

PAGE = 50
TYPES = {
    "xlsx": XLSX,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@signed_in
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """The cases in sight as a list, narrowed by filters that stay in the address and can be kept."""
    permissions.require(request.actor, "reports.see_ledger")
    kept = None if request.GET else queries.view_of(request.actor)
    if kept is not None and kept.query:
        return redirect(f"{reverse('reports:ledger')}?{kept.query}")
    form, chosen, now = LedgerForm(request.GET), ledgers.columns(request.GET.getlist("c")), clock.now()
    given = form.given()
    figure = ledgers.behind(request.actor, given)
    narrowed = ledgers.narrowed(request.actor, given, now)
    page = Paginator(narrowed.rows, PAGE).get_page(request.GET.get("page"))
    query = _query(request)
    context = {
        "form": form,
        "columns": chosen,
        "choices": ledgers.choices(chosen),
        "page_obj": page,
        "found": narrowed.notice,
        "rows": ledgers.table(request.actor, page.object_list, chosen, now, first=page.start_index()),
        "query": query,
        "said": form.said(),
        "figure": figure,
        "hidden": figure.hidden(request.actor) if figure else 0,
        "keep_form": KeepViewForm(initial={"query": query}),
        "fill_form": FillForm(actor=request.actor),
        "filtered": bool(request.GET),
        "limit": ledgers.LIMIT,
    }
    return render(request, "reports/ledger.html", context)


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


@signed_in
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list of the screen as a workbook; who took it is recorded."""
    permissions.require(request.actor, "reports.see_ledger")
    form, chosen, now = LedgerForm(request.GET), ledgers.columns(request.GET.getlist("c")), clock.now()
    cases = ledgers.rows(request.actor, form.given(), now)
    rows = list(ledgers.values(request.actor, cases, [field.key for field in chosen], now))
    services.note_ledger(by=request.actor, now=now, query=form.said(), rows=len(rows))
    return exports.ledger(chosen, rows, f"ledger-{clock.local_date(now):%Y%m%d}.xlsx", said=form.said())


@signed_in
@require_POST
def fill(request: HttpRequest) -> HttpResponse:
    """The list of the screen in a template; which version, which filter and how many cases are recorded."""
    permissions.require(request.actor, "reports.see_ledger")
    filters, form, now = LedgerForm(request.GET), FillForm(request.POST, actor=request.actor), clock.now()
    if not form.is_valid():
        messages.error(request, _("Choose a template first."))
        return redirect(f"{reverse('reports:ledger')}?{_query(request)}")
    template, filled = form.perform(by=request.actor, now=now, given=filters.given(), said=filters.said())
    name = f"{template.name}-{clock.local_date(now):%Y%m%d}.{template.format}"
    return download(filled.content, name, TYPES[template.format])


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return bytes as a download under a name in any script, which no cache keeps."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


@signed_in
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Let the ledger open with these filters and columns."""
    permissions.require(request.actor, "reports.see_ledger")
    form: Any = KeepViewForm(request.POST)
    if form.is_valid():
        form.perform(by=request.actor, now=clock.now())
        messages.success(request, _("The ledger opens with these filters and columns."))
        return redirect(f"{reverse('reports:ledger')}?{form.cleaned_data['query']}")
    messages.error(request, _("These filters are too long to be kept."))
    return redirect("reports:ledger")

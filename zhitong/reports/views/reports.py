"""Reports: made with one click, shown with figures that open their rows, handed out as Word and Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from zhitong.core import clock, permissions
from zhitong.core.errors import FieldError
from zhitong.core.http import signed_in
from zhitong.reports import exports, pages, queries, services, writing
from zhitong.reports.forms import ReportForm
from zhitong.reports.views.ledger import TYPES, download

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from zhitong.reports.models import Report

PAGE = 30


@signed_in
@require_http_methods(["GET", "POST"])
def report_list(request: HttpRequest) -> HttpResponse:
    """The reports in sight, and the button that makes the next."""
    permissions.require(request.actor, "reports.see_reports")
    now = clock.now()
    form = ReportForm(request.POST or None, actor=request.actor, today=clock.local_date(now))
    if request.method == "POST" and form.is_valid():
        try:
            made = form.perform(by=request.actor, now=now)
        except FieldError as error:
            form.take_back(error)
        else:
            return redirect("reports:report", made.pk)
    page = Paginator(queries.reports(request.actor), PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/list.html", {"form": form, "page_obj": page, "query": ""})


@signed_in
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report: every figure opens its rows, and says what it is now where that differs."""
    found = queries.get_report(request.actor, pk)
    shown = pages.show(request.actor, found, clock.now())
    context = {
        "shown": shown,
        "report": found,
        "title": pages.title(found),
        "overview": pages.overview(shown),
        "labels": pages.LABELS,
        "counts": [pages.LABELS[name] for name in pages.COUNTS],
        "visits": [pages.LABELS[name] for name in pages.VISITS],
    }
    return render(request, "reports/report.html", context)


@signed_in
@require_GET
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a Word document with the figures as they were kept."""
    found, shown = _taken(request, pk, "docx")
    return download(writing.document(shown), f"{_name(found)}.docx", TYPES["docx"])


@signed_in
@require_GET
def excel(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a workbook, a sheet for each table."""
    found, shown = _taken(request, pk, "xlsx")
    return exports.report(shown, f"report-{found.begin:%Y%m%d}-{found.end:%Y%m%d}.xlsx")


def _taken(request: HttpRequest, pk: int, form: str) -> tuple[Report, pages.Shown]:
    """Return a report as the reader may see it; who took it is recorded."""
    found, now = queries.get_report(request.actor, pk), clock.now()
    services.note_report(by=request.actor, now=now, report=found, form=form)
    return found, pages.show(request.actor, found, now)


def _name(found: Report) -> str:
    return f"{pages.title(found)}-{found.begin:%Y%m%d}-{found.end:%Y%m%d}"

"""The figures as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from zhitong.cases import queries as case_queries
from zhitong.core.http import plain_cell
from zhitong.core.workbooks import sent, workbook_of
from zhitong.feedback.columns import LABELS, RATE_LABELS
from zhitong.feedback.figures import FIGURES, RATES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.http import HttpResponse

    from zhitong.core.actor import Actor
    from zhitong.feedback.figures import Line, Period
    from zhitong.feedback.models import Effect, Thanks


def workbook(lines: Iterable[Line], period: Period) -> HttpResponse:
    """Return the table as an xlsx download: counts as numbers, rates as shown, else an empty cell."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Figures"))
    sheet.append([f"{period.begin} - {period.end}"])
    sheet.append(
        [_("Unit"), *(str(LABELS[figure]) for figure in FIGURES), *(str(RATE_LABELS[rate]) for rate in RATES)]
    )
    for line in lines:
        numbers = [line.counts[figure] for figure in FIGURES]
        shown = [float(text) if text else None for text in line.shown()]
        sheet.append([plain_cell(line.label), *numbers, *shown])
    return sent(book, f"figures-{period.begin:%Y%m%d}-{period.end:%Y%m%d}.xlsx")


def effects(rows: Iterable[Effect], day: date, *, actor: Actor) -> HttpResponse:
    """Return effects as an xlsx download, texts never formulas."""
    heads = [_("Number"), _("Title"), _("Lead department"), _("Effect"), _("State"), _("Expected by")]
    cells = (_effect(row, actor) for row in rows)
    return workbook_of([*heads, _("Next look")], cells, f"effects-{day:%Y%m%d}.xlsx", title=_("Effects"))


def _effect(row: Effect, actor: Actor) -> list[Any]:
    lead = row.case.lead.name if row.case.lead else ""
    text = case_queries.said(actor, row.case, row.text)
    texts = [row.case.number, row.case.title, lead, text, row.get_state_display()]
    return [*texts, row.expected_by, row.next_look]


def thanks(rows: Iterable[Thanks], day: date, *, actor: Actor) -> HttpResponse:
    """Return thanks as an xlsx download."""
    heads = [_("Number"), _("Title"), _("Firm"), _("Lead department"), _("Kind"), _("What it says")]
    heads += [_("Received on"), _("Entered by"), _("Taken back")]
    cells = (_thanked(row, actor) for row in rows)
    return workbook_of(heads, cells, f"thanks-{day:%Y%m%d}.xlsx", title=_("Thanks of firms"))


def _thanked(row: Thanks, actor: Actor) -> list[Any]:
    case = row.case
    firm, lead = case_queries.whose(actor, case), case.lead.name if case.lead else ""
    text = case_queries.said(actor, case, row.text)
    entered = row.entered_by.name if row.by_unit else _("The firm itself")
    return [
        case.number, case.title, firm, lead, row.get_kind_display(), text, row.received_on, entered,
        row.withdraw_reason,
    ]  # fmt: skip

"""Lists of supervised tasks as workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from zhitong.core.http import plain_cell
from zhitong.core.workbooks import sent, workbook_of
from zhitong.supervision.states import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.supervision.models import Sample, WeekItem, WeekList

LIMIT = 20_000  # rows; a longer list is narrowed by filters first


def workbook(tasks: Any, *, now: datetime) -> HttpResponse:
    """Return the tasks as an xlsx download, one row a task, texts never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Supervised tasks"))
    sheet.append(
        [_("Number"), _("Kind"), _("Title"), _("Unit"), _("State"), _("Issued on"), _("Due"), _("Ended on")]
    )
    for task in tasks[:LIMIT]:
        texts = [
            task.matter.number,
            task.matter.get_kind_display(),
            task.matter.label,
            task.department.label,
            task.get_state_display(),
            _moment(task.started_at),
            _moment(task.due_at),
            _moment(task.ended_at),
        ]
        sheet.append([plain_cell(str(text)) for text in texts])
    return sent(book, f"supervision-{now:%Y%m%d-%H%M}.xlsx")


def week(found: WeekList, items: Iterable[WeekItem]) -> HttpResponse:
    """Return the cases of a weekly list as an xlsx download."""
    heads = [
        _("Number"), _("Title"), _("Lead department"), _("Why it is listed"), _("Weeks in a row"),
        _("Standing"), _("Due"), _("Why it is not cleared yet, and what comes next"), _("To be cleared by"),
    ]  # fmt: skip
    name = f"week-{found.department_id}-{found.monday:%Y%m%d}.xlsx"
    return workbook_of(heads, map(_listed, items), name, title=_("Weekly clearing list"))


def _listed(item: WeekItem) -> list[Any]:
    case = item.case
    lead, due = case.lead.label if case.lead else "", _moment(case.due_at)
    return [
        case.number, case.title, lead, item.get_why_display(), item.weeks, str(Standing(item.standing).label),
        due, item.said_text or item.off_text or item.added_text, item.next_day,
    ]  # fmt: skip


def population(sample: Sample) -> HttpResponse:
    """Return the numbers of all cases that could be drawn as text, a line each, as the digest counts them."""
    text = "".join(f"{number}\n" for number in sample.numbers)
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="population-{sample.pk}.txt"'
    return response


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

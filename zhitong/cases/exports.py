"""Lists of cases as workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from zhitong.cases import categories, queries
from zhitong.cases.states import flow
from zhitong.core import data
from zhitong.core.http import plain_cell
from zhitong.core.workbooks import sent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

LIMIT = 20_000  # rows; a longer list is narrowed by filters first


def workbook(cases: Any, *, actor: Actor, now: datetime) -> HttpResponse:
    """Return the cases as an xlsx download, one row a case, texts never formulas."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Cases"))
    sheet.append(_heads())
    for row in _rows(actor, cases[:LIMIT]):
        sheet.append(row)
    return sent(book, f"cases-{now:%Y%m%d-%H%M}.xlsx")


def _heads() -> list[str]:
    return [
        _("Number"),
        _("Firm"),
        _("Title"),
        _("Category"),
        _("State"),
        _("Accountable"),
        _("Person in charge"),
        _("Submitted on"),
        _("Due"),
        _("Outcome"),
    ]


def _rows(actor: Actor, cases: Iterable[Case]) -> Iterator[list[str]]:
    for case in cases:
        texts = [
            case.number,
            queries.whose(actor, case),
            case.title,
            categories.label_of(case.category),
            data.label(flow(case.flow_version).state(case.state).label),
            case.accountable.label,
            case.person.name if case.person else "",
            _moment(case.created_at),
            _moment(case.due_at),
            case.told_outcome,
        ]
        yield [plain_cell(text) for text in texts]


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

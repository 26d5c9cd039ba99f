"""The list of precedents as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from zhitong.cases import queries as case_queries
from zhitong.core.workbooks import workbook_of
from zhitong.insight import pages

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from zhitong.insight.models import Precedent

LIMIT = 20_000  # rows; a longer list is narrowed by filters first


def workbook(rows: QuerySet[Precedent], *, now: datetime) -> HttpResponse:
    """Return the precedents as an xlsx download, one row each; from which case it was made is not in it."""
    heads = [
        _("Title"), _("Category"), _("State"), _("Unit"), _("What the trouble was"), _("How it was solved"),
        _("What it rests on"), _("To be looked at again by"), _("Used in answers"), _("Firms it helped"),
    ]  # fmt: skip
    name = f"precedents-{now:%Y%m%d-%H%M}.xlsx"
    return workbook_of(heads, map(_row, pages.with_counts(rows[:LIMIT])), name, title=_("Precedents"))


def _row(row: Precedent) -> list[Any]:
    return [
        row.title, case_queries.category_label(row.category), str(row.get_state_display()),
        row.department.label, row.question, row.answer, row.basis, row.valid_until, row.used, row.helped,
    ]  # fmt: skip

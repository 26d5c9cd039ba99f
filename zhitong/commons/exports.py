"""Common problems as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhitong.core.workbooks import workbook_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.http import HttpResponse

    from zhitong.commons.pages import Row

LIMIT = 5_000  # rows; a longer list is narrowed by filters first


def workbook(rows: Iterable[Row], *, now: datetime) -> HttpResponse:
    """Return common problems as an xlsx download, one row each."""
    heads = [
        _("Title"), _("What it is tied to"), _("Kind"), _("Firms"), _("First told on"), _("State"),
        _("Unit"), _("Lead department"), _("Leading case"), _("Due"), _("Plan"),
        _("To be solved by"), _("Month"),
    ]  # fmt: skip
    return workbook_of(
        heads, map(_cells, rows), f"commons-{now:%Y%m%d-%H%M}.xlsx", title=_("Common problems")
    )


def _cells(row: Row) -> list[Any]:
    one = row.problem
    return [
        one.title, one.entity, row.kind, one.heat, _moment(one.since), str(one.get_state_display()),
        one.department.label, one.lead.label if one.lead else "",
        row.leading.number if row.leading else "", _moment(row.leading.due_at if row.leading else None),
        one.plan, one.due, f"{one.month:%Y-%m}" if one.month else "",
    ]  # fmt: skip


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""

"""A sheet that came back, and the word to enter its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import ServiceForm
from zhitong.replies import reading, services

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.orgs.models import Department
    from zhitong.replies.models import ReplySheet


class SheetForm(ServiceForm):
    """The sheet as a file."""

    file = forms.FileField(
        label=_("The sheet that came back"),
        help_text=_("xlsx, xls or csv. Rows are matched by the case number; other columns may be missing."),
    )

    def perform(self, *, by: Actor, now: datetime, department: Department) -> ReplySheet:
        """Have the sheet read and keep it; nothing is entered yet."""
        given = reading.read_sheet(self.cleaned_data["file"])
        return services.receive_sheet(
            by=by, now=now, key=self.cleaned_data["key"], department=department, given=given
        )


class EnterSheetForm(ServiceForm):
    """Nothing to say: the rows are good."""

    def perform(self, *, by: Actor, now: datetime, sheet: ReplySheet) -> ReplySheet:
        """Enter the rows that can be entered."""
        return services.enter_sheet(by=by, now=now, sheet=sheet, **self.cleaned_data)

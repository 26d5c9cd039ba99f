"""What people fill in about precedents and canned answers."""

from __future__ import annotations

from zhitong.insight.forms.canned import (
    AddCannedForm,
    CannedFilterForm,
    ChangeCannedForm,
    DropCannedForm,
    PreviewForm,
)
from zhitong.insight.forms.precedents import STEP_FORMS, EditForm, FilterForm, MakeForm, UseForm

__all__ = [
    "STEP_FORMS",
    "AddCannedForm",
    "CannedFilterForm",
    "ChangeCannedForm",
    "DropCannedForm",
    "EditForm",
    "FilterForm",
    "MakeForm",
    "PreviewForm",
    "UseForm",
]

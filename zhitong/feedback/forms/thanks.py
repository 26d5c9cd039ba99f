"""Thanks of firms: given, taken back, looked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import ExaminedFilesField, ServiceForm
from zhitong.feedback.states import THANKS_TEXT, ThanksKind


def _words(label: Any, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3, "maxlength": THANKS_TEXT, "data-counter": ""})
    return forms.CharField(label=label, max_length=THANKS_TEXT, widget=area, **more)


class ThanksForm(ServiceForm):
    """What a firm gave, what it says, when."""

    kind = forms.ChoiceField(label=_("How it thanked"), choices=ThanksKind.choices, widget=forms.RadioSelect)
    text = _words(_("What it says"))
    received_on = forms.DateField(
        label=_("Received on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    files = ExaminedFilesField(label=_("Photos"))


class WithdrawThanksForm(ServiceForm):
    """Why thanks do not stand."""

    reason = _words(_("Reason"), help_text=_("They stay with the case, struck out, with this reason."))


class ThanksFilterForm(forms.Form):
    """Which thanks are listed."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *ThanksKind.choices], required=False)
    department = forms.TypedChoiceField(
        label=_("Lead department"), coerce=int, empty_value=None, required=False
    )
    by = forms.ChoiceField(
        label=_("Entered by"),
        choices=[("", _("All")), ("firm", _("The firm itself")), ("unit", _("Entered by the unit"))],
        required=False,
    )
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    withdrawn = forms.BooleanField(label=_("Taken back"), required=False)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].choices = [("", _("All")), *departments]

"""How the list of what lies with units without accounts is narrowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UnitForm(forms.Form):
    """Whose matters are listed."""

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, units: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["unit"].choices = [("", _("All")), *units.items()]

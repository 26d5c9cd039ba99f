"""How a list of tasks is narrowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department
from zhitong.supervision.states import Kind

STANDINGS = [("", _("All")), ("open", _("Not cleared")), ("overdue", _("Overdue")), ("cleared", _("Cleared"))]


class FilterForm(forms.Form):
    """How a list of tasks is narrowed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    standing = forms.ChoiceField(label=_("Standing"), required=False, choices=STANDINGS)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *Kind.choices])
    department = forms.ModelChoiceField(
        label=_("Unit"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].queryset = org_queries.departments()

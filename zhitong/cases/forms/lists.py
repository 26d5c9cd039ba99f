"""How a list of cases is narrowed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import queries
from zhitong.cases.states import Grade, newest_flow
from zhitong.core import data
from zhitong.core.widgets import SharedSelect
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

HERE = "cases"


def state_choices() -> list[tuple[Any, Any]]:
    """The states of the newest flow, as a list can be narrowed to them."""
    states = newest_flow().states.items()
    return [("", _("All states")), *((name, data.label(state.label)) for name, state in states)]


def category_choices() -> list[tuple[Any, Any]]:
    """The categories of all versions, as a list can be narrowed to them."""
    return [("", _("All categories")), *queries.category_filters()]


class FilterForm(forms.Form):
    """How a list of cases is narrowed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=state_choices, widget=SharedSelect(HERE)
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, choices=category_choices, widget=SharedSelect(HERE)
    )
    department = forms.ModelChoiceField(
        label=_("Accountable"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )
    late = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].queryset = org_queries.choosable()


class PlansForm(forms.Form):
    """How the list of what is on the plan is narrowed."""

    grade = forms.ChoiceField(
        label=_("Class"), required=False, choices=[("", _("All classes")), *Grade.choices]
    )
    department = forms.ModelChoiceField(
        label=_("Accountable"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].queryset = org_queries.choosable()

"""Whom a dispatcher asks before the dispatch, and what a unit answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.cases.forms.base import TEXT, text_area
from zhitong.cases.states import DutyAnswer
from zhitong.core.forms import RowsField, ServiceForm
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case, Sounding
    from zhitong.core.actor import Actor


class UnitsField(RowsField):
    """Units to choose from, by the name in the reader's language."""

    def label_from_instance(self, obj: Department) -> str:
        """The unit's name."""
        return obj.label


class SoundForm(ServiceForm):
    """Which units are asked, and what."""

    departments = UnitsField(
        label=_("Units to ask"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one unit.")},
        help_text=_("All of them are asked at once. The clock of the dispatch runs on meanwhile."),
    )
    question = forms.CharField(
        label=_("What you want to know"),
        max_length=TEXT,
        widget=text_area(3),
        help_text=_("The units can open the case while they are asked."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        waited = case.soundings.filter(ended_at__isnull=True).values("department")  # they were asked already
        self.fields["departments"].queryset = (
            org_queries.leads().exclude(pk=case.intake_id).exclude(pk__in=waited)
        )

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Ask them."""
        given = dict(self.cleaned_data)
        given["departments"] = list(given["departments"])
        return services.sound(by=by, now=now, case=self.case, **given)


class AnswerSoundingForm(ServiceForm):
    """Whether a matter is the unit's own, and by what it says so."""

    answer = forms.ChoiceField(
        label=_("Is it your unit's duty?"), choices=DutyAnswer.choices, widget=forms.RadioSelect
    )
    basis = forms.CharField(
        label=_("Basis or remark"),
        required=False,
        max_length=TEXT,
        widget=text_area(4),
        help_text=_("Needed where it is not your duty: the rule, the list of duties, or the facts."),
    )

    def __init__(self, *args: Any, sounding: Sounding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sounding = sounding

    def perform(self, *, by: Actor, now: datetime) -> Sounding:
        """Answer for the unit."""
        return services.answer_sounding(by=by, now=now, sounding=self.sounding, **self.cleaned_data)

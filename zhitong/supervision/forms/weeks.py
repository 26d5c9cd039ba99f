"""Weekly lists: what is put on, taken off, said, and looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import ServiceForm
from zhitong.orgs.models import Department
from zhitong.supervision import services
from zhitong.supervision.forms.matters import text_area
from zhitong.supervision.forms.referrals import UnitField
from zhitong.supervision.states import WORDS, Standing, Why

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.supervision.models import WeekItem, WeekList


class WeekFilterForm(forms.Form):
    """How the cases of a list are narrowed."""

    standing = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("All")), *Standing.choices]
    )
    why = forms.ChoiceField(
        label=_("Why it is listed"), required=False, choices=[("", _("All")), *Why.choices]
    )
    department = UnitField(
        label=_("Lead department"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )

    def __init__(self, *args: Any, leads: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].queryset = leads


class AddForm(ServiceForm):
    """Which case, and why this week."""

    number = forms.CharField(
        label=_("Number of the case"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    text = forms.CharField(label=_("Why this week"), max_length=WORDS, widget=text_area(2))

    def perform(self, *, by: Actor, now: datetime, week: WeekList) -> WeekItem:
        """Put the case on the list."""
        return services.add_to_week(by=by, now=now, week=week, **self.cleaned_data)


class OffForm(ServiceForm):
    """Why a case need not be cleared this week."""

    text = forms.CharField(
        label=_("Reason"),
        max_length=WORDS,
        widget=text_area(2),
        help_text=_("The case stays on the list, struck out, with this reason."),
    )

    def perform(self, *, by: Actor, now: datetime, item: WeekItem) -> WeekItem:
        """Take it off."""
        return services.take_off(by=by, now=now, item=item, **self.cleaned_data)


class SayForm(ServiceForm):
    """Why it is not cleared, and until when it will be."""

    text = forms.CharField(
        label=_("Why it is not cleared yet, and what comes next"), max_length=WORDS, widget=text_area(4)
    )
    next_day = forms.DateField(
        label=_("To be cleared by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def perform(self, *, by: Actor, now: datetime, item: WeekItem) -> WeekItem:
        """Write it down; what was said before is replaced, the log keeps it."""
        return services.say_why(by=by, now=now, item=item, **self.cleaned_data)


ITEM_FORMS: dict[str, type[OffForm | SayForm]] = {"take_off": OffForm, "say_why": SayForm}

"""What is said once for several cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases.forms.base import TEXT, text_area
from zhitong.cases.forms.intake import by_department
from zhitong.core.actor import Role
from zhitong.core.forms import ServiceForm
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from datetime import datetime


class BatchForm(ServiceForm):
    """A form for one step on several cases."""

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lead" in self.fields:
            self.fields["lead"].queryset = org_queries.chargeable()
        if "person" in self.fields:
            self.fields["person"].queryset = org_queries.everyone_with(Role.HANDLER, now=now)
            self.fields["person"].choices = by_department(now)


class DispatchManyForm(BatchForm):
    """One lead for all."""

    lead = forms.ModelChoiceField(label=_("Lead department"), queryset=Department.objects.none())
    message = forms.CharField(
        label=_("Word to the department"), max_length=TEXT, required=False, widget=text_area(2)
    )


class RedispatchManyForm(BatchForm):
    """Another lead for all, and one reason."""

    lead = forms.ModelChoiceField(label=_("Lead department"), queryset=Department.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(2))


class RemindManyForm(BatchForm):
    """One word to all who have them."""

    reason = forms.CharField(label=_("What should happen now"), max_length=TEXT, widget=text_area(2))


class AssignManyForm(BatchForm):
    """One person for all."""

    person = forms.ModelChoiceField(label=_("Person in charge"), queryset=User.objects.none())


class TakeBackManyForm(BatchForm):
    """Nothing to say: what was dispatched together is taken back together."""


BATCH_FORMS: dict[str, type[BatchForm]] = {
    "dispatch": DispatchManyForm,
    "take_back_dispatch": TakeBackManyForm,
    "redispatch": RedispatchManyForm,
    "remind": RemindManyForm,
    "assign": AssignManyForm,
}

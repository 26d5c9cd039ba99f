"""Inputs about coming to a firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import ServiceForm
from zhitong.enterprises import queries, services
from zhitong.enterprises.forms.fields import day_input
from zhitong.enterprises.forms.firms import FirmForm
from zhitong.enterprises.models import Contact
from zhitong.enterprises.words import ContactKind
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor


class ComingForm(FirmForm):
    """How somebody wants to come, or came."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ContactKind.choices, widget=forms.RadioSelect)
    day = forms.DateField(label=_("Day"), widget=day_input())
    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=None, required=False
    )
    reason = forms.CharField(label=_("Why the firm has to be disturbed"), max_length=200)
    matter = forms.CharField(
        label=_("Number of the case on which the firm called"),
        max_length=60,
        required=False,
        help_text=_("A contact that the firm called for is never counted."),
    )

    def prepare(self) -> None:
        mine = org_queries.departments().filter(pk__in=self.actor.departments())
        self.fields["department"].queryset = mine
        self.fields["day"].initial = self.today
        self.fields["kind"].initial = ContactKind.VISIT

    def clean_department(self) -> Department:
        """Return the department chosen, or the actor's first."""
        found: Department = self.cleaned_data["department"] or self.fields["department"].queryset.first()
        return found

    def coming(self) -> services.Coming:
        """What the service is asked for."""
        given = dict(self.cleaned_data)
        for name in ("key", "note"):
            given.pop(name, None)
        return services.Coming(**given)


class PlanForm(ComingForm):
    """A contact that is planned."""

    joins = forms.ModelChoiceField(
        label=_("Join a visit that is planned"),
        queryset=Contact.objects.none(),
        required=False,
        empty_label=_("No, a visit of its own"),
    )
    excuse = forms.CharField(
        label=_("Why a cap does not hold here"),
        max_length=200,
        required=False,
        help_text=_("Only dispatchers and leaders can give this."),
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["joins"].queryset = queries.planned(self.firm).filter(joined__isnull=True)
        self.fields["joins"].label_from_instance = lambda row: f"{row.day} {row.department.label}"

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Plan it."""
        key = self.cleaned_data["key"]
        return services.plan_contact(by=by, now=now, key=key, enterprise=self.firm, coming=self.coming())


class RecordForm(ComingForm):
    """A contact that took place."""

    note = forms.CharField(
        label=_("What was found"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Record it."""
        given = self.cleaned_data
        return services.record_contact(
            by=by, now=now, key=given["key"], enterprise=self.firm, coming=self.coming(), note=given["note"]
        )


class NoteForm(ServiceForm):
    """A word on how a contact went, or why it does not take place."""

    note = forms.CharField(
        label=_("Word"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class RestForm(FirmForm):
    """Until when a firm wants rest."""

    service = services.rest
    until = forms.DateField(
        label=_("No visits until"),
        required=False,
        widget=day_input(),
        help_text=_("Leave it empty to be visited again. What you call for is not held back."),
    )

    def prepare(self) -> None:
        self.fields["until"].initial = self.firm.quiet_until


class ReasonForm(ServiceForm):
    """An action that asks for a reason only."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class WithdrawTitleForm(ServiceForm):
    """When and by what a title was taken away."""

    day = forms.DateField(label=_("Taken away on"), widget=day_input())
    source = forms.CharField(label=_("Document"), max_length=120)

"""Inputs about the people of a firm and of the office beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.actor import Role, Side
from zhitong.core.forms import ServiceForm
from zhitong.enterprises import services
from zhitong.enterprises.forms.firms import FirmForm
from zhitong.enterprises.words import Duty
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import User
from zhitong.orgs.states import ROLE_LABELS

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

ROLES = [(role.value, ROLE_LABELS[role]) for role in (Role.FIRM_MEMBER, Role.FIRM_ADMIN)]


class MemberForm(FirmForm):
    """Somebody who gets a seat in the firm."""

    service = services.seat_new
    name = forms.CharField(label=_("Name"), max_length=40)
    phone = forms.CharField(
        label=_("Mobile number"), max_length=20, help_text=_("They sign in with a code sent to this number.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect, initial=ROLES[0][0])


class InviteForm(FirmForm):
    """An invitation for one person."""

    service = services.invite
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect, initial=ROLES[0][0])

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Make a code; a form sent twice makes another one, since the first was shown to nobody."""
        self.cleaned_data.pop("key")
        return super().perform(by=by, now=now)


class AdministratorForm(FirmForm):
    """Who speaks for a firm whose administrator is lost."""

    service = services.replace_administrator
    name = forms.CharField(label=_("Name of the new administrator"), max_length=40)
    phone = forms.CharField(label=_("Mobile number"), max_length=20)
    reason = forms.CharField(
        label=_("How you made sure that this person speaks for the firm"),
        max_length=200,
        help_text=_("For example: licence and letter seen at the counter."),
    )


class ContactPersonForm(FirmForm):
    """Somebody to call in the firm."""

    service = services.add_contact_person
    name = forms.CharField(label=_("Name"), max_length=40)
    duty = forms.CharField(label=_("Duty"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("Telephone number"),
        max_length=30,
        required=False,
        help_text=_("Stored encrypted and shown with its middle hidden."),
    )


class SponsorForm(FirmForm):
    """Who of the office stands up for the firm."""

    service = services.sponsor
    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    duty = forms.ChoiceField(label=_("As"), choices=Duty.choices)
    basis = forms.CharField(label=_("Document or list"), max_length=120, required=False)

    def prepare(self) -> None:
        self.fields["user"].queryset = org_queries.staff().filter(is_active=True)


class UnmaskForm(ServiceForm):
    """Why somebody needs a number in full."""

    reason = forms.CharField(
        label=_("What you need the number for"), max_length=200, help_text=_("This is recorded.")
    )


class JoinForm(ServiceForm):
    """Taking the seat of an invitation."""

    code = forms.CharField(label=_("Credit code of your firm"), max_length=40)
    invitation = forms.CharField(
        label=_("Invitation code"),
        max_length=20,
        help_text=_("From your firm's administrator or the office."),
    )
    name = forms.CharField(label=_("Your name"), max_length=40)
    phone = forms.CharField(label=_("Mobile number"), max_length=20)
    agreed = forms.BooleanField(label=_("I have read the notice on personal data and agree."))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.side is not Side.ANONYMOUS:
            del self.fields["name"], self.fields["phone"]

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Take the seat."""
        given = dict(self.cleaned_data)
        del given["agreed"]
        return services.join(by=by, now=now, **given)

"""Inputs of the configuration screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from zhitong.core.actor import STAFF_ROLES
from zhitong.core.forms import MomentField, ServiceForm
from zhitong.orgs import queries
from zhitong.orgs.models import Department, User
from zhitong.orgs.states import ROLE_LABELS, SIGNING, Tier, chain_names

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

CODE = RegexValidator(r"^[A-Za-z0-9-]{1,20}\Z", _("Use letters, digits and hyphens only."))
REGION = RegexValidator(r"^[A-Za-z0-9-]{0,12}\Z", _("Use a region code such as 350111."))
PHONE = RegexValidator(r"^1[3-9]\d{9}\Z", _("Use a mobile number of 11 digits."))


class DepartmentForm(ServiceForm):
    """A department's fields that can change."""

    name = forms.CharField(label=_("Name (Chinese)"), max_length=80)
    name_en = forms.CharField(label=_("Name (English)"), max_length=120)
    region = forms.CharField(
        label=_("Region code"),
        max_length=12,
        required=False,
        validators=[REGION],
        help_text=_("GB/T 2260 code, or the unit's own code where none exists."),
    )
    intake = forms.BooleanField(label=_("Takes cases in for its region"), required=False)
    signing = forms.ChoiceField(
        label=_("Who signs its answers"),
        choices=lambda: list(chain_names().items()),
        initial=SIGNING,
        help_text=_("Answers that are being signed already keep the chain they began with."),
    )
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class NewDepartmentForm(DepartmentForm):
    """A new department."""

    active = None
    tier = forms.ChoiceField(label=_("Level"), choices=Tier.choices)
    local_code = forms.CharField(label=_("Unit code"), max_length=20, validators=[CODE])
    parent = forms.ModelChoiceField(
        label=_("Below"), queryset=Department.objects.none(), required=False, empty_label=_("Nothing (top)")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = queries.departments()


class FirstPasswordForm(ServiceForm):
    """A password that an administrator hands over."""

    password = forms.CharField(
        label=_("First password"),
        max_length=100,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "At least 10 characters. Hand it over in person; a second factor is set up at the first sign-in."
        ),
    )

    def clean_password(self) -> str:
        """Hold the password against the same rules that its owner will meet."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class NewStaffForm(FirstPasswordForm):
    """A new account for a staff member."""

    username = forms.CharField(label=_("Sign-in name"), max_length=40, validators=[CODE])
    name = forms.CharField(label=_("Name"), max_length=40)
    phone = forms.CharField(label=_("Mobile number"), max_length=20, required=False, validators=[PHONE])
    field_order = ("username", "name", "phone", "password")


class PostForm(ServiceForm):
    """A role in a department."""

    department = forms.ModelChoiceField(label=_("Department"), queryset=Department.objects.none())
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role, ROLE_LABELS[role]) for role in sorted(STAFF_ROLES)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.departments()


class SuccessorForm(ServiceForm):
    """Who takes over when somebody leaves a post or the office."""

    successor = forms.ModelChoiceField(
        label=_("Successor"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet: open cases go back to the department"),
    )

    def __init__(self, *args: Any, besides: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = queries.staff().filter(is_active=True).exclude(pk=besides)


class DelegationForm(ServiceForm):
    """Who stands in, from when until when."""

    stand_in = forms.ModelChoiceField(label=_("Stand-in"), queryset=User.objects.none())
    since = MomentField(label=_("From"))
    until = MomentField(label=_("Until"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, absentee: User, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = queries.colleagues(absentee, now)


class DutyForm(ServiceForm):
    """A turn on the duty roster."""

    department = forms.ModelChoiceField(label=_("Unit"), queryset=Department.objects.none())
    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none())
    since = MomentField(label=_("From"))
    until = MomentField(label=_("Until"))

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = queries.rostered_units(actor)
        self.fields["department"].queryset = units
        self.fields["user"].queryset = queries.reachable_in(units, now)
        if len(units) == 1:
            self.fields["department"].initial = units[0].pk


class LocalDayForm(ServiceForm):
    """A local exception of the calendar."""

    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    kind = forms.ChoiceField(
        label=_("What it is"), choices=[("local_off", _("Day off")), ("local_on", _("Working day"))]
    )
    name_zh = forms.CharField(label=_("Name (Chinese)"), max_length=60)
    name_en = forms.CharField(label=_("Name (English)"), max_length=60, required=False)
    source = forms.CharField(label=_("Reason or document number"), max_length=200)


class YearForm(ServiceForm):
    """A working-day table as a file."""

    file = forms.FileField(label=_("Working-day table (TOML)"))


class SaveViewForm(forms.Form):
    """The name under which filters and columns of a list are kept."""

    place = forms.CharField(widget=forms.HiddenInput, max_length=20)
    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, max_length=900, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

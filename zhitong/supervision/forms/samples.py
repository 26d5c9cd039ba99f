"""A drawing of closed cases, and what a check found."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import ServiceForm
from zhitong.orgs.models import Department
from zhitong.supervision import queries, services
from zhitong.supervision.forms.matters import TEXT, text_area
from zhitong.supervision.forms.referrals import UnitField
from zhitong.supervision.states import Finding, How

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Check, Sample


TYPED = 24  # signs; the random part has 32 more


class DrawForm(ServiceForm):
    """Unit, period and seed of a drawing."""

    department = UnitField(label=_("Unit"), queryset=Department.objects.none(), empty_label=None)
    since = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    seed = forms.CharField(
        label=_("Words before witnesses"),
        max_length=TYPED,
        required=False,
        help_text=_(
            "What was thrown or drawn, if anything. A random part that nobody knows before is added."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.drawing_units(actor)

    def perform(self, *, by: Actor, now: datetime) -> Sample:
        """Draw; the random part is made here, so that nobody can try seeds until one pleases."""
        given = dict(self.cleaned_data)
        given["seed"] = ":".join(filter(None, (given["seed"], secrets.token_hex(16))))
        return services.draw(by=by, now=now, **given)


class CheckForm(ServiceForm):
    """How it was checked, and what was found."""

    how = forms.ChoiceField(label=_("How it was checked"), choices=How.choices, widget=forms.RadioSelect)
    finding = forms.ChoiceField(label=_("Finding"), choices=Finding.choices, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What you saw or heard"), max_length=TEXT, widget=text_area(4))

    def perform(self, *, by: Actor, now: datetime, check: Check) -> Check:
        """Write the check down."""
        return services.check(by=by, now=now, check=check, **self.cleaned_data)

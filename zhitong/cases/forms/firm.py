"""What a firm fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import alike, services
from zhitong.cases.forms.base import TEXT, ActionForm, ReasonForm, text_area
from zhitong.core.forms import ExaminedFilesField, ServiceForm
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Enterprise
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


LEAST = 6  # signs before anything is compared


class SubmitForm(ServiceForm):
    """What a firm says; one text is enough."""

    firm = forms.ModelChoiceField(
        label=_("For which firm"), queryset=Enterprise.objects.none(), empty_label=None
    )
    text = forms.CharField(
        label=_("What is the trouble?"),
        max_length=TEXT,
        widget=text_area(5),
        help_text=_("One sentence is enough."),
    )
    place = forms.CharField(label=_("Where (if it matters)"), max_length=200, required=False)
    urgent = forms.BooleanField(
        label=_("Urgent: production stands still, no power, water or gas, or people are in danger"),
        required=False,
        help_text=_("Somebody sees to it by the hour, day and night. In danger call 110, 119 or 120 first."),
    )
    confidential = forms.BooleanField(
        label=_("Keep it confidential"),
        required=False,
        help_text=_("Only those who work on it see it. It is in nobody else's lists and never published."),
    )
    protected = forms.BooleanField(
        label=_("Protect my name"),
        required=False,
        help_text=_("Only those who take the case in read who reported it. It is confidential as well."),
    )
    accused = forms.ModelChoiceField(
        label=_("Is it about a unit? It will not learn of it"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("No unit"),
    )
    files = ExaminedFilesField(
        label=_("Photos or a voice recording"),
        help_text=_("Up to 9 files. Location data is removed from photos."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].queryset = enterprise_queries.own_firms(actor)
        self.fields["accused"].queryset = org_queries.departments()
        firms = list(self.fields["firm"].queryset.values_list("pk", flat=True)[:2])
        if len(firms) == 1:
            # Nothing to choose: one firm fewer to think about on a phone.
            self.fields["firm"].widget = forms.HiddenInput()
            self.fields["firm"].initial = firms[0]

        self.order_fields(
            ["firm", "text", "place", "urgent", "files", "confidential", "protected", "accused", "key"]
        )

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Submit the case."""
        cleaned = self.cleaned_data
        draft = services.Draft(
            text=cleaned["text"],
            place=cleaned["place"],
            urgent=cleaned["urgent"],
            confidential=cleaned["confidential"],
            accused=cleaned["accused"],
            protected=cleaned["protected"],
            files=tuple(cleaned["files"]),
        )
        return services.submit(by=by, now=now, key=cleaned["key"], draft=draft, firm=cleaned["firm"])


class OwnAlikeForm(forms.Form):
    """What a firm has written so far."""

    firm = forms.ModelChoiceField(queryset=Enterprise.objects.none())
    text = forms.CharField(max_length=TEXT, min_length=LEAST)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].queryset = enterprise_queries.own_firms(actor)

    def found(self, *, by: Actor, now: datetime) -> list[alike.Alike]:
        """Return what the firm said before that is like it."""
        cleaned = self.cleaned_data
        return alike.own_like(by, firm=cleaned["firm"].pk, text=cleaned["text"], now=now)


class SupplementForm(ActionForm):
    """The missing words and files."""

    service = services.supplement
    text = forms.CharField(label=_("What was missing"), max_length=TEXT, widget=text_area())
    files = ExaminedFilesField(label=_("Photos or a voice recording"))


class WithdrawForm(ReasonForm):
    """Why the firm takes its case back."""

    service = services.withdraw


class UrgeForm(ActionForm):
    """Asking how it stands; a word is welcome."""

    service = services.urge
    text = forms.CharField(label=_("Your word"), max_length=TEXT, required=False, widget=text_area(2))


class AppendForm(ActionForm):
    """What came up after the end."""

    service = services.append
    text = forms.CharField(label=_("What you want to add"), max_length=TEXT, widget=text_area())
    files = ExaminedFilesField(label=_("Photos or a voice recording"))

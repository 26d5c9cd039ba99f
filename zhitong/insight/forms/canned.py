"""A canned answer as somebody keeps it, and how one reads for a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhitong.core import data
from zhitong.core.clock import local_date
from zhitong.core.forms import ServiceForm, VersionedForm
from zhitong.insight import queries, services
from zhitong.insight.forms.precedents import text_area
from zhitong.insight.states import TEXT, TITLE, fields
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.insight.models import CannedAnswer


class TextForm(ServiceForm):
    """Title and text, with the fields that the text may hold."""

    title = forms.CharField(label=_("Title"), max_length=TITLE)
    text = forms.CharField(label=_("Text"), max_length=TEXT, widget=text_area(7))

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = fields(local_date(now)).items()
        listed = gettext(", ").join(f"{{{{{name}}}}} {data.label(label)}" for name, label in known)
        self.fields["text"].help_text = gettext("Fields that are filled in for each case: %(fields)s") % {
            "fields": listed
        }

    def written(self) -> services.Text:
        """Return the cleaned words as the services take them."""
        return services.Text(self.cleaned_data["title"], self.cleaned_data["text"])


class AddCannedForm(TextForm):
    """A text for a unit."""

    department = forms.ModelChoiceField(label=_("Unit"), queryset=Department.objects.none(), empty_label=None)
    below = forms.BooleanField(
        label=_("For all units below as well"),
        required=False,
        help_text=_("Only dispatchers keep texts for all units below."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.keeping_units(actor)
        self.order_fields(["department", "title", "text", "below", "key"])

    def perform(self, *, by: Actor, now: datetime) -> CannedAnswer:
        """Keep it."""
        given = {name: self.cleaned_data[name] for name in ("key", "department", "below")}
        return services.add_canned(by=by, now=now, written=self.written(), **given)


class ChangeCannedForm(TextForm, VersionedForm):
    """A text that is written anew."""

    def perform(self, *, by: Actor, now: datetime, canned: CannedAnswer) -> CannedAnswer:
        """Write it."""
        given = {name: self.cleaned_data[name] for name in ("key", "version")}
        return services.change_canned(by=by, now=now, canned=canned, written=self.written(), **given)


class DropCannedForm(VersionedForm):
    """Nothing to say: it is not needed any more."""

    def perform(self, *, by: Actor, now: datetime, canned: CannedAnswer) -> CannedAnswer:
        """Offer it no more."""
        return services.drop_canned(by=by, now=now, canned=canned, **self.cleaned_data)


class CannedFilterForm(forms.Form):
    """How the list of canned answers is narrowed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    department = forms.ModelChoiceField(
        label=_("Unit"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].queryset = queries.canned_units(actor)


class PreviewForm(forms.Form):
    """For which case a text is read."""

    case = forms.CharField(label=_("Case number"), required=False, max_length=24)

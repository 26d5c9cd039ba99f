"""A precedent as somebody writes it, and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import queries as case_queries
from zhitong.core.clock import local_date
from zhitong.core.forms import ServiceForm, VersionedForm
from zhitong.core.http import KEYS
from zhitong.insight import services
from zhitong.insight.queries import STALE
from zhitong.insight.states import TEXT, TITLE, PrecedentState
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.insight.models import Precedent

BASIS = 200


def text_area(rows: int) -> forms.Textarea:
    """Return a text area with a counter."""
    return forms.Textarea(attrs={"rows": rows, "maxlength": TEXT, "data-counter": ""})


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class WrittenForm(ServiceForm):
    """The words of a precedent."""

    title = forms.CharField(label=_("Title"), max_length=TITLE)
    question = forms.CharField(label=_("What the trouble was"), max_length=TEXT, widget=text_area(5))
    answer = forms.CharField(label=_("How it was solved"), max_length=TEXT, widget=text_area(7))
    basis = forms.CharField(
        label=_("What it rests on"),
        max_length=BASIS,
        required=False,
        help_text=_("Numbers of documents, so that others can look them up."),
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    valid_until = day_field(
        _("To be looked at again by"),
        _("After that day nobody is shown it until somebody says that it still holds."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = case_queries.offered_categories(local_date(now))
        self.fields["category"].choices = [("", _("Not determined yet")), *offered]

    def written(self) -> services.Written:
        """Return the cleaned words as the services take them."""
        names = ("title", "question", "answer", "basis", "category", "valid_until")
        return services.Written(**{name: self.cleaned_data[name] for name in names})


class MakeForm(WrittenForm):
    """A precedent that begins."""

    def perform(self, *, by: Actor, now: datetime, case: Case) -> Precedent:
        """Begin it."""
        key = self.cleaned_data["key"]
        return services.make(by=by, now=now, key=key, case=case, written=self.written())


class EditForm(WrittenForm, VersionedForm):
    """A draft that is written anew."""

    def perform(self, *, by: Actor, now: datetime, precedent: Precedent) -> Precedent:
        """Write it."""
        cleaned = self.cleaned_data
        given = {"key": cleaned["key"], "version": cleaned["version"]}
        return services.edit(by=by, now=now, precedent=precedent, written=self.written(), **given)


class StepForm(VersionedForm):
    """A step that asks for nothing."""

    service: Any = None

    def perform(self, *, by: Actor, now: datetime, precedent: Precedent) -> Precedent:
        """Take the step."""
        return type(self).service(by=by, now=now, precedent=precedent, **self.cleaned_data)


class SendForm(StepForm):
    """Hand it to a reviewer."""

    service = services.send


class SendBackForm(StepForm):
    """What its author should change."""

    service = services.send_back
    reason = forms.CharField(label=_("What should be changed"), max_length=TEXT, widget=text_area(3))


class PublishForm(StepForm):
    """What the reviewer stands for."""

    service = services.publish
    nobody_named = forms.BooleanField(
        label=_("I have read it all: no person and no firm can be recognised."), required=False
    )


class RenewForm(StepForm):
    """Until when it holds."""

    service = services.renew
    valid_until = day_field(_("To be looked at again by"))


class WithdrawForm(StepForm):
    """Why it is not to be used any more."""

    service = services.withdraw
    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(3))


STEP_FORMS: dict[str, type[StepForm]] = {
    "send": SendForm,
    "publish": PublishForm,
    "send_back": SendBackForm,
    "renew": RenewForm,
    "withdraw": WithdrawForm,
}


class UseForm(ServiceForm):
    """Which precedent is taken into an answer."""

    precedent = forms.IntegerField(min_value=1, max_value=KEYS - 1)


class FilterForm(forms.Form):
    """How the list of precedents is narrowed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    department = forms.ModelChoiceField(
        label=_("Unit"), required=False, queryset=Department.objects.none(), empty_label=_("All departments")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        states = [*PrecedentState.choices, (STALE, _("To be looked at again"))]
        self.fields["state"].choices = [("", _("All states")), *states]
        self.fields["category"].choices = [("", _("All categories")), *case_queries.category_filters()]
        self.fields["department"].queryset = org_queries.departments()

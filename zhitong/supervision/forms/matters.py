"""How a leader gives an instruction and the supervision office an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.core.forms import ExaminedFilesField, ManyFilesInput, RowsField, ServiceForm, VersionedForm
from zhitong.core.http import KEYS, whole
from zhitong.orgs.models import Department
from zhitong.supervision import queries, services
from zhitong.supervision.states import Medium, rules

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Matter

TEXT = 2000
MOST_CASES = 20


def text_area(rows: int) -> forms.Textarea:
    """Return a text area with a counter."""
    return forms.Textarea(attrs={"rows": rows, "maxlength": TEXT, "data-counter": ""})


def _files(label: Any, limit: int, **attributes: str) -> ExaminedFilesField:
    field = ExaminedFilesField(label=label, limit=limit)
    field.widget = ManyFilesInput(attrs={"multiple": True, **attributes})
    return field


class UnitsField(RowsField):
    """Units to choose from, by the name in the reader's language."""

    def label_from_instance(self, obj: Department) -> str:
        """The unit's name."""
        return obj.label


class MatterForm(ServiceForm):
    """What all matters have: units, a deadline, cases."""

    departments = UnitsField(
        label=_("Units"), queryset=Department.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("Time for it, in working days"), coerce=int, required=False, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=_("Or until a day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    cases = forms.CharField(required=False, widget=forms.HiddenInput, max_length=200)
    role: Role

    def __init__(self, *args: Any, actor: Actor, now: datetime, cases: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.chosen = queries.chosen_cases(actor, case_ids(self.data.get("cases", "") or cases))
        deadline = rules(local_date(now))["deadline"]
        self.fields["days"].choices = [
            (days, ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days})
            for days in deadline["days"]
        ]
        self.fields["days"].initial = deadline["preset"]
        units = queries.units_for(actor, self.role)
        self.fields["departments"].queryset = units
        leads = [case.lead_id for case in self.chosen if case.lead_id]
        self.fields["departments"].initial = list(units.filter(pk__in=leads).values_list("pk", flat=True))
        self.fields["cases"].initial = ",".join(str(case.pk) for case in self.chosen)

    def word(self) -> services.Word:
        """Return the inputs as the services take them."""
        cleaned = self.cleaned_data
        until = cleaned["until"]
        return services.Word(
            departments=tuple(cleaned["departments"]),
            text=cleaned["text"],
            days=None if until else cleaned["days"] or None,
            until=until,
            cases=tuple(self.chosen),
            **self.more(cleaned),
        )

    def more(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What this kind of matter has besides."""
        raise NotImplementedError


class InstructForm(MatterForm):
    """A leader's instruction, from a phone: say it, write it, or photograph the handwriting."""

    text = forms.CharField(
        label=_("What is to be done"), max_length=TEXT, required=False, widget=text_area(5)
    )
    voice = _files(_("Or say it"), 1, accept="audio/*", capture="user")
    photos = _files(_("Or photograph the handwriting"), 3, accept="image/*", capture="environment")
    role = Role.LEADER
    field_order = ("text", "voice", "photos", "departments", "days", "until")

    def more(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The medium follows from what was sent."""
        voice, photos = cleaned["voice"], cleaned["photos"]
        spoken = Medium.PHOTO if photos and not cleaned["text"].strip() else Medium.TEXT
        return {"medium": Medium.VOICE if voice else spoken, "files": (*voice, *photos)}

    def perform(self, *, by: Actor, now: datetime) -> Matter:
        """Give the instruction."""
        return services.instruct(by=by, now=now, key=self.cleaned_data["key"], word=self.word())


class OrderForm(MatterForm):
    """An order of the supervision office."""

    title = forms.CharField(label=_("Title"), max_length=80)
    text = forms.CharField(label=_("What is to be done"), max_length=TEXT, widget=text_area(6))
    files = ExaminedFilesField(label=_("Photos or documents"))
    role = Role.SUPERVISOR
    field_order = ("title", "text", "files", "departments", "days", "until")

    def more(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Title and files."""
        return {"title": cleaned["title"], "files": tuple(cleaned["files"])}

    def perform(self, *, by: Actor, now: datetime) -> Matter:
        """Give the order."""
        return services.order(by=by, now=now, key=self.cleaned_data["key"], word=self.word())


class TranscribeForm(VersionedForm):
    """What a recording or a handwriting says."""

    text = forms.CharField(label=_("What it says"), max_length=TEXT, widget=text_area(6))

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter = matter
        self.fields["version"].initial = matter.version
        self.fields["text"].initial = matter.text

    def perform(self, *, by: Actor, now: datetime) -> Matter:
        """Write it down."""
        return services.transcribe(by=by, now=now, matter=self.matter, **self.cleaned_data)


def case_ids(listed: str) -> list[int]:
    """Return the ids of a list with commas; what is no id is left out."""
    found = (whole(part.strip(), below=KEYS) for part in listed[:200].split(","))
    return [key for key in found if key is not None][:MOST_CASES]

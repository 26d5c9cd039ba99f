"""Inputs of drafts: what came in, its correction, how far it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases.states import kinds, versions_on
from zhitong.core.actor import Role
from zhitong.core.clock import local_date
from zhitong.core.forms import ExaminedFilesField, MomentField, ServiceForm, VersionedForm
from zhitong.drafts import queries, reading, services
from zhitong.drafts.states import CHANNELS, DEFAULT_CHANNEL, PASTED, TEXT, DraftState, Outcome, Weight
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.drafts.models import Draft, Lot, Transcript
    from zhitong.enterprises.queries import Named


def _area(rows: int, limit: int, **more: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": limit, "data-counter": "", **more})


class UnitForm(ServiceForm):
    """For which unit something is taken down, and how it came in."""

    unit = forms.ModelChoiceField(
        label=_("Taken down by"), queryset=Department.objects.none(), empty_label=None
    )
    channel = forms.ChoiceField(label=_("Came in by"), choices=CHANNELS, initial=DEFAULT_CHANNEL)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = queries.units(actor)
        self.fields["unit"].queryset = found
        few = list(found[:2])
        self.fields["unit"].initial = few[0].pk if few else None
        if len(few) == 1:
            self.fields["unit"].widget = forms.HiddenInput()


class PasteForm(UnitForm):
    """A chat or a note of a call, as it was copied."""

    text = forms.CharField(
        label=_("Paste the chat or the note"),
        max_length=PASTED,
        required=False,
        # Whole chats name people and their numbers: nothing of them stays in the browser.
        widget=_area(10, PASTED, **{"data-forget": ""}),
        help_text=_(
            "Firm, person, number, time and matter are found in it; you correct them on the next page."
        ),
    )
    files = ExaminedFilesField(
        label=_("Photos or a voice recording"),
        help_text=_("With a recording, write down what is said, or do it on the next page."),
    )
    field_order = ("text", "files", "channel", "unit")

    def clean(self) -> dict[str, Any]:
        """A recording alone is enough: its text is written down later."""
        given = super().clean() or {}
        if not given.get("text", "").strip() and not given.get("files") and not self.errors:
            self.add_error("text", _("Please fill in this field."))
        return given

    def perform(self, *, by: Actor, now: datetime) -> Lot:
        """Keep the note as a draft."""
        given = self.cleaned_data
        files = tuple(given["files"])
        received = reading.pasted(given["text"], channel=given["channel"], now=now, files=files)
        return services.receive(by=by, now=now, key=given["key"], given=received, unit=given["unit"])


class SheetForm(UnitForm):
    """A spreadsheet of troubles."""

    file = forms.FileField(
        label=_("Excel or CSV file"),
        help_text=_("xlsx, xls or csv, one trouble a row; title rows and merged headings are understood."),
    )
    field_order = ("file", "channel", "unit")

    def perform(self, *, by: Actor, now: datetime) -> Lot:
        """Have the file read and keep its rows as drafts."""
        given = self.cleaned_data
        received = reading.sheet(given["file"], channel=given["channel"])
        return services.receive(by=by, now=now, key=given["key"], given=received, unit=given["unit"])


class DraftForm(VersionedForm):
    """A draft as it will be entered."""

    text = forms.CharField(label=_("What the trouble is"), max_length=TEXT, widget=_area(5, TEXT))
    title = forms.CharField(
        label=_("Title"), max_length=80, required=False, help_text=_("Left empty, the first words are taken.")
    )
    firm = forms.ChoiceField(label=_("Firm"), required=False, widget=forms.RadioSelect)
    firm_text = forms.CharField(label=_("Firm as it was written"), max_length=120, required=False)
    contact = forms.CharField(label=_("Who reported it"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("Another telephone number"),
        max_length=30,
        required=False,
        help_text=_("Left empty, the number stays."),
    )
    place = forms.CharField(label=_("Where (if it matters)"), max_length=200, required=False)
    channel = forms.ChoiceField(label=_("Came in by"), choices=CHANNELS)
    original_number = forms.CharField(label=_("Number of the other platform"), max_length=60, required=False)
    said_at = MomentField(label=_("Said at"), required=False)
    lead = forms.ModelChoiceField(
        label=_("Department that should answer"), queryset=Department.objects.none(), required=False
    )
    urgent = forms.BooleanField(
        label=_("Urgent: production stands still, no power, water or gas, or people are in danger"),
        required=False,
    )

    SAME = (
        "text",
        "title",
        "firm_text",
        "contact",
        "place",
        "channel",
        "original_number",
        "said_at",
        "lead",
        "urgent",
    )

    def __init__(self, *args: Any, draft: Draft, firms: Iterable[Named], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        found = list(firms)
        self.firms = {str(named.firm.pk): named.firm for named in found}
        self.fields["lead"].queryset = org_queries.chargeable()
        self.fields["firm"].choices = [
            *((str(named.firm.pk), named.label) for named in found),
            ("", _("No firm: the person's name stands alone")),
        ]
        for name in self.SAME:
            self.fields[name].initial = getattr(draft, name)
        self.fields["firm"].initial = str(draft.firm_id or "")
        self.fields["version"].initial = draft.version

    def add_heard(self, heard: Iterable[Transcript], chosen: str) -> None:
        """Put what a machine heard below what stands in the text, to be corrected; nothing is kept yet."""
        said = next((row.text for row in heard if str(row.pk) == chosen), "")
        kept = self.draft.text
        if said and said not in kept:
            self.fields["text"].initial = f"{kept}\n{said}".strip()

    def perform(self, *, by: Actor, now: datetime) -> Draft:
        """Correct the draft."""
        given = dict(self.cleaned_data)
        given["firm"] = self.firms.get(given["firm"])
        return services.change(by=by, now=now, draft=self.draft, **given)


class WayForm(ServiceForm):
    """How far a new case goes at once."""

    kind = forms.ChoiceField(label=_("Kind of matter"), required=False, widget=forms.RadioSelect)
    lead = forms.ModelChoiceField(
        label=_("Lead department"), queryset=Department.objects.none(), required=False
    )
    message = forms.CharField(
        label=_("Word to the department"), max_length=TEXT, required=False, widget=_area(2, TEXT)
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _flow, profile = versions_on(local_date(now))
        self.fields["kind"].choices = [("", _("Only submit it")), *kinds(profile).items()]
        self.fields["kind"].initial = ""
        self.fields["lead"].queryset = org_queries.chargeable()

    def clean(self) -> dict[str, Any]:
        """A department is charged with accepted cases only."""
        given = super().clean() or {}
        if (given.get("lead") or given.get("own_lead")) and not given.get("kind"):
            self.add_error("kind", _("Choose the kind of matter before a department is charged with it."))
        return given


class EnterForm(WayForm, VersionedForm):
    """How far the case of one draft goes at once, and to whom."""

    person = forms.ModelChoiceField(
        label=_("Person in charge"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("The department decides"),
    )
    field_order = ("kind", "lead", "person", "message")

    def __init__(self, *args: Any, draft: Draft, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, now=now, **kwargs)
        self.fields["person"].queryset = org_queries.everyone_with(Role.HANDLER, now=now)
        self.fields["version"].initial = draft.version
        self.fields["lead"].initial = draft.lead_id

    def way(self) -> services.Way:
        """Return how far the case goes."""
        given = self.cleaned_data
        return services.Way(given["kind"], given["lead"], given["person"], given["message"])


class EnterManyForm(WayForm):
    """How far many new cases go at once; without a lead each goes to the department that its draft names."""

    own_lead = forms.BooleanField(
        label=_("Each to the department that its draft names or its words suggest"), required=False
    )
    field_order = ("kind", "own_lead", "lead", "message")


class DropForm(ServiceForm):
    """Why something is no case."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("For example: a duplicate, an advertisement, settled on the telephone."),
    )


class RestoreForm(ServiceForm):
    """Nothing to say: what was dropped waits again."""


class MailFilterForm(forms.Form):
    """Which e-mails are shown."""

    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=[("", _("All")), *Outcome.choices], required=False
    )


class FilterForm(forms.Form):
    """Which drafts are shown."""

    q = forms.CharField(label=_("Words"), max_length=60, required=False)
    state = forms.ChoiceField(label=_("State"), choices=DraftState.choices, required=False)
    remark = forms.ChoiceField(
        label=_("Marked"),
        choices=[("", _("All")), ("none", _("Nothing against it")), *Weight.choices],
        required=False,
    )
    firmless = forms.BooleanField(label=_("Without a firm"), required=False)
    lot = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)

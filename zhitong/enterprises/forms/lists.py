"""Inputs of an import: the file, what its columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhitong.core.clock import local_date
from zhitong.core.forms import ServiceForm
from zhitong.enterprises import running, services
from zhitong.enterprises.facts import kinds_on
from zhitong.enterprises.forms.firms import region_choices
from zhitong.enterprises.lists import columns

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import ImportBatch

FIELDS = {
    "code": _("Credit code"),
    "name": _("Name of the firm"),
    "region": _("District"),
    "street": _("Town or street"),
    "address": _("Address"),
    "activity": _("Main activity (code)"),
    "founded_on": _("Founded on"),
    "capital": _("Registered capital"),
    "contact_name": _("Person to call"),
    "contact_duty": _("Duty of that person"),
    "contact_phone": _("Telephone number"),
    "products": _("Leading products"),
    "tags": _("Tags"),
}
YEARS = 4


class DropForm(ServiceForm):
    """A list as a file, and where it comes from."""

    file = forms.FileField(
        label=_("Excel or CSV file"),
        help_text=_("xlsx, xls or csv, at most 50 MB; title rows and merged headings are understood."),
    )
    source = forms.CharField(
        label=_("Where it comes from"),
        max_length=60,
        help_text=_("What you say about its columns is remembered under this name."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )

    def perform(self, *, by: Actor, now: datetime) -> ImportBatch:
        """Have the file read and keep it as an import that waits for its columns."""
        given = self.cleaned_data
        return running.receive(given["file"], by=by, now=now, source=given["source"], key=given["key"])


def meanings(today: date) -> list[Any]:
    """What a column can be: nothing, a field, or a fact of one of the last years."""
    years = [str(today.year - back) for back in range(1, YEARS + 1)]
    facts = [
        (
            f"{columns.FACT}{key}:{year}",
            gettext("%(fact)s, %(year)s") % {"fact": kind.label, "year": year},
        )
        for key, kind in kinds_on(today).items()
        for year in years
    ]
    fields = [(name, FIELDS[name]) for name in columns.fields()]
    return [("", _("Not used")), (_("The firm"), fields), (_("Facts"), facts)]


class ColumnsForm(ServiceForm):
    """What each column of a list is."""

    region = forms.ChoiceField(
        label=_("District of rows that name none"),
        required=False,
        help_text=_("Empty: taken from the credit code."),
    )

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.fields["region"].choices = [("", "—"), *region_choices()]
        choices = meanings(local_date(batch.made_at))
        known = {value for _label, group in choices[1:] for value, _text in group}
        for place, label in enumerate(batch.heading["labels"]):
            meaning = batch.columns.get(str(place), "")
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=label or gettext("Column %(number)d") % {"number": place + 1},
                choices=choices if meaning in {"", *known} else [*choices, (meaning, meaning)],
                required=False,
                initial=meaning,
            )

    def chosen(self) -> dict[str, str]:
        """Return what each column is, by its place as text; empty for those not used."""
        return {
            name.removeprefix("column_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("column_")
        }

    def perform(self, *, by: Actor, now: datetime) -> ImportBatch:
        """Start the import."""
        given = self.cleaned_data
        return services.start_import(
            by=by, now=now, key=given["key"], batch=self.batch, columns=self.chosen(), region=given["region"]
        )

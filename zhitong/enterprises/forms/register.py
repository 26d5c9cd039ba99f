"""Filters of the register, and the name of a view."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.widgets import SharedSelect
from zhitong.enterprises.forms.firms import region_choices
from zhitong.enterprises.states import activities
from zhitong.enterprises.titles import kinds_on
from zhitong.enterprises.words import Listing, Scale, SizeClass

if TYPE_CHECKING:
    from datetime import date

    from zhitong.core.actor import Actor

HERE = "register"
ANY = ("", _("Any"))
LACKS = [
    ("admin", _("No administrator")),
    ("member", _("Nobody signs in")),
    ("phone", _("No telephone number")),
    ("facts", _("No facts")),
    ("activity", _("No main activity")),
]
DIVISION = 2  # digits of a division of GB/T 4754


def division_choices() -> list[Any]:
    """Divisions of GB/T 4754, grouped by section."""
    return [ANY, *_divisions()]


@cache
def _divisions() -> tuple[Any, ...]:
    table = activities()
    groups = []
    for section in table.children():
        divisions = tuple(
            (row.code, f"{row.code} {row.name}")
            for row in table.by_code.values()
            if row.code.startswith(section.code) and len(row.code) == DIVISION + 1
        )
        groups.append((f"{section.code} {section.name}", divisions))
    return tuple(groups)


class FilterForm(forms.Form):
    """What the register is narrowed by; every field may stay empty."""

    q = forms.CharField(
        label=_("Name or code"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    region = forms.ChoiceField(label=_("District"), required=False, widget=SharedSelect(HERE))
    activity = forms.ChoiceField(
        label=_("Industry"), choices=division_choices, required=False, widget=SharedSelect(HERE)
    )
    size = forms.ChoiceField(
        label=_("Size"), choices=[ANY, *SizeClass.choices], required=False, widget=SharedSelect(HERE)
    )
    scale = forms.ChoiceField(
        label=_("Designated size"), choices=[ANY, *Scale.choices], required=False, widget=SharedSelect(HERE)
    )
    title = forms.ChoiceField(label=_("Title held"), required=False, widget=SharedSelect(HERE))
    listing = forms.ChoiceField(
        label=_("Listed at"), choices=[ANY, *Listing.choices], required=False, widget=SharedSelect(HERE)
    )
    tag = forms.CharField(label=_("Tag"), max_length=20, required=False)
    lacks = forms.ChoiceField(
        label=_("What is missing"), choices=[ANY, *LACKS], required=False, widget=SharedSelect(HERE)
    )
    mine = forms.BooleanField(label=_("My firms"), required=False)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.actor = actor
        self.fields["region"].choices = [ANY, *region_choices()]
        self.fields["title"].widget.edition = (HERE, today)
        self.fields["title"].choices = [ANY, *((key, kind.label) for key, kind in kinds_on(today).items())]

    def clean(self) -> dict[str, Any]:
        """Say whose firms "mine" are."""
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["sponsor"] = self.actor.user if cleaned.get("mine") else None
        return cleaned

"""What the supervision office fills in when an order was not obeyed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core import clock
from zhitong.supervision import services
from zhitong.supervision.forms.matters import TEXT, text_area
from zhitong.supervision.forms.steps import StepForm

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Task

LINE = 200


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, initial=lambda: clock.local_date(clock.now()))


class TalkForm(StepForm):
    """When and where, with whom, the minutes, what came of it."""

    day = _day(_("Day of the talk"))
    people = forms.CharField(
        label=_("Who was called in"), max_length=LINE, help_text=_("Names with their offices.")
    )
    place = forms.CharField(label=_("Place of the talk"), max_length=LINE)
    text = forms.CharField(label=_("Minutes"), max_length=TEXT, widget=text_area(6))
    result = forms.CharField(
        label=_("What the unit promises, and by when"), max_length=TEXT, widget=text_area(3)
    )

    def perform(self, *, by: Actor, now: datetime) -> Task:
        """Write the talk down."""
        given = dict(self.cleaned_data)
        key, version = given.pop("key"), given.pop("version")
        return services.talk(
            by=by, now=now, key=key, version=version, task=self.task, given=services.Talk(**given)
        )


class CircularForm(StepForm):
    """The text, and the number that the office gave it."""

    day = _day(_("Date of the circular"))
    number = forms.CharField(
        label=_("Number of the circular"),
        max_length=60,
        required=False,
        help_text=_("If your office has given it one."),
    )
    text = forms.CharField(
        label=_("Text of the circular"),
        max_length=TEXT,
        widget=text_area(10),
        help_text=_(
            "The unit is told, and a Word document of it is made. "
            "Others read it: name no firm that asked for protection."
        ),
    )

    def perform(self, *, by: Actor, now: datetime) -> Task:
        """Issue the circular."""
        given = dict(self.cleaned_data)
        key, version = given.pop("key"), given.pop("version")
        return services.circular(
            by=by, now=now, key=key, version=version, task=self.task, given=services.Circular(**given)
        )

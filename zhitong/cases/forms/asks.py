"""Requests for more time, and what follows them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.cases.forms.base import TEXT, ActionForm, ReasonForm, text_area
from zhitong.cases.states import extended_by_lead, grades, rule
from zhitong.kernel.calendar import Deadline

ROWS = range(1, 6)


class AskExtensionForm(ReasonForm):
    """How many days more, and why."""

    service = services.ask_extension
    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=100)
    field_order = ("days", "reason")

    def prepare(self) -> None:
        most = rule(self.case.sla_version, "extension_most", self.case.kind)
        self.fields["days"].max_value = most
        self.fields["days"].widget.attrs["max"] = most
        if Deadline.from_json(self.case.deadline).unit == "day":
            self.fields["days"].label = _("Days more")
        self.fields["days"].help_text = _("At most %(most)d, once a case.") % {"most": most}
        own = extended_by_lead(self.case.sla_version, self.case.kind)
        self.fields["reason"].help_text = (
            _("The head of your department decides; the firm reads the reason.")
            if own
            else _("The dispatcher decides; the firm reads the reason.")
        )


class AskSuspensionForm(ReasonForm):
    """Until when the clock should stop, and why."""

    service = services.ask_suspension
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    field_order = ("until", "reason")


class AskPlanForm(ReasonForm):
    """In which class, with which stages, and why."""

    service = services.ask_plan
    grade = forms.ChoiceField(label=_("Class"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in ROWS:
            self.fields[f"goal_{number}"] = forms.CharField(
                label=_("Stage %(number)d") % {"number": number}, max_length=200, required=number == 1
            )
            self.fields[f"due_{number}"] = forms.DateField(
                label=_("Day of stage %(number)d") % {"number": number},
                required=number == 1,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            for name in ("goal", "due"):
                self.fields[f"{name}_{number}"].beside = True
        self.order_fields(["grade", *(name for n in ROWS for name in (f"goal_{n}", f"due_{n}")), "reason"])

    def prepare(self) -> None:
        self.fields["grade"].choices = list(grades(self.case.sla_version).items())

    def clean(self) -> dict[str, Any]:
        """A stage is a goal and a day, or neither."""
        cleaned = super().clean() or self.cleaned_data
        for number in ROWS[1:]:
            goal, due = cleaned.get(f"goal_{number}"), cleaned.get(f"due_{number}")
            if goal and not due and f"due_{number}" not in self.errors:
                self.add_error(f"due_{number}", _("Give the day of this stage."))
            if due and not goal:
                self.add_error(f"goal_{number}", _("Say for each stage what will be there."))
        return cleaned

    def given(self) -> dict[str, Any]:
        """Return the stages that were filled in as a list."""
        cleaned = dict(self.cleaned_data)
        rows = [(cleaned.pop(f"goal_{n}"), cleaned.pop(f"due_{n}")) for n in ROWS]
        return {**cleaned, "stages": [services.Goal(goal, due) for goal, due in rows if due]}


class ResumeForm(ReasonForm):
    """Why it goes on."""

    service = services.resume
    reason = forms.CharField(
        label=_("Reason"), max_length=TEXT, widget=text_area(3), help_text=_("The firm reads this.")
    )


class StageForm(ActionForm):
    """What is there now."""

    service = services.stage
    text = forms.CharField(
        label=_("What is there now"),
        max_length=TEXT,
        widget=text_area(3),
        help_text=_("The firm reads this."),
    )


class TakeUpForm(ReasonForm):
    """Why the plan is over."""

    service = services.take_up
    reason = forms.CharField(
        label=_("What was reached"), max_length=TEXT, widget=text_area(3), help_text=_("The firm reads this.")
    )

"""What units and the supervision office fill in at the steps of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import ExaminedFilesField, VersionedForm
from zhitong.supervision import services
from zhitong.supervision.forms.matters import TEXT, text_area

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Task


class StepForm(VersionedForm):
    """A form for one step of a task."""

    service: Any = None

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        self.fields["version"].initial = task.version

    def perform(self, *, by: Actor, now: datetime) -> Task:
        """Call the service of the step with the cleaned inputs."""
        return type(self).service(by=by, now=now, task=self.task, **self.cleaned_data)


class SignForm(StepForm):
    """Nothing to say: the unit has read it."""

    service = services.sign


class ReportForm(StepForm):
    """How far the unit has come."""

    service = services.report
    text = forms.CharField(label=_("Progress"), max_length=TEXT, widget=text_area(5))
    files = ExaminedFilesField(label=_("Photos or documents"))


class CloseReportForm(StepForm):
    """What the unit has done, and what came of it."""

    service = services.close_report
    text = forms.CharField(
        label=_("What was done, and what came of it"), max_length=TEXT, widget=text_area(6)
    )
    files = ExaminedFilesField(label=_("Photos or documents"))


class ReasonForm(StepForm):
    """A step that asks for a reason only."""

    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(3))


class SendBackForm(ReasonForm):
    """What is not done yet."""

    service = services.send_back
    reason = forms.CharField(label=_("What is not done yet"), max_length=TEXT, widget=text_area(3))


class ClearForm(StepForm):
    """A word with the clearing, if one is needed."""

    service = services.clear
    text = forms.CharField(label=_("Remark"), max_length=TEXT, required=False, widget=text_area(2))


class CancelForm(ReasonForm):
    """Why the task is not needed."""

    service = services.cancel


class RemindForm(ReasonForm):
    """What the unit should do now."""

    service = services.remind
    reason = forms.CharField(label=_("What should happen now"), max_length=TEXT, widget=text_area(2))


STEP_FORMS: dict[str, type[StepForm]] = {
    "sign": SignForm,
    "report": ReportForm,
    "close_report": CloseReportForm,
    "clear": ClearForm,
    "send_back": SendBackForm,
    "remind": RemindForm,
    "cancel": CancelForm,
}

"""What a helping department and those who asked it fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.cases.forms.base import TEXT, text_area
from zhitong.core.actor import Role
from zhitong.core.forms import VersionedForm
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import User

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Assist
    from zhitong.core.actor import Actor


class AssistForm(VersionedForm):
    """A form for one step of another department's part."""

    service: Any = None

    def __init__(self, *args: Any, assist: Assist, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assist = assist
        self.fields["version"].initial = assist.version
        self.prepare(now)

    def prepare(self, now: datetime) -> None:
        """Fill choices that depend on the part."""

    def perform(self, *, by: Actor, now: datetime) -> Assist:
        """Call the service of the step with the cleaned inputs."""
        return type(self).service(by=by, now=now, assist=self.assist, **self.cleaned_data)


class TakeForm(AssistForm):
    """Nothing to say: take the part up."""

    service = services.take_assist


class AssignForm(AssistForm):
    """Who in the helping department is in charge."""

    service = services.assign_assist
    person = forms.ModelChoiceField(label=_("Person in charge"), queryset=User.objects.none())

    def prepare(self, now: datetime) -> None:
        self.fields["person"].queryset = org_queries.holders(self.assist.department_id, Role.HANDLER, now=now)


class AnswerForm(AssistForm):
    """What the lead is told."""

    service = services.answer_assist
    text = forms.CharField(label=_("Reply to the lead department"), max_length=TEXT, widget=text_area(5))


class ReasonForm(AssistForm):
    """A step that asks for a reason only."""

    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(3))


class ReturnForm(ReasonForm):
    """Why the part is another department's."""

    service = services.return_assist


class InsistForm(ReasonForm):
    """Why the part is this department's."""

    service = services.insist_assist


class CancelForm(ReasonForm):
    """Why the part is not needed."""

    service = services.cancel_assist


ASSIST_FORMS: dict[str, type[AssistForm]] = {
    "take": TakeForm,
    "answer": AnswerForm,
    "assign": AssignForm,
    "return": ReturnForm,
    "insist": InsistForm,
    "cancel": CancelForm,
}

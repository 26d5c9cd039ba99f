"""What forms of steps share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import VersionedForm

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor

TEXT = 2000


def text_area(rows: int = 4, **attributes: str) -> forms.Textarea:
    """Return a text area with a counter."""
    return forms.Textarea(attrs={"rows": rows, "maxlength": TEXT, "data-counter": "", **attributes})


class ActionForm(VersionedForm):
    """A form for one action on one case."""

    service: Any = None

    def __init__(self, *args: Any, case: Case, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.now = now
        self.fields["version"].initial = case.version
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the case."""

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Call the service of the action with the cleaned inputs."""
        return type(self).service(by=by, now=now, case=self.case, **self.given())

    def given(self) -> dict[str, Any]:
        """Return the inputs as the service takes them."""
        return self.cleaned_data


class ReasonForm(ActionForm):
    """An action that asks for a reason only."""

    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(3))

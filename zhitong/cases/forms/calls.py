"""What came of a telephone call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.cases.forms.base import TEXT, text_area
from zhitong.core.forms import ServiceForm

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Call
    from zhitong.core.actor import Actor

YES, NO = "yes", "no"


class CallForm(ServiceForm):
    """Whether somebody answered, and what was agreed."""

    reached = forms.ChoiceField(
        label=_("Did somebody answer?"),
        choices=[(YES, _("Yes")), (NO, _("No, try again later"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Whom you spoke to, and what was agreed"),
        required=False,
        max_length=TEXT,
        widget=text_area(3),
    )

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.call = call

    def perform(self, *, by: Actor, now: datetime) -> Call:
        """Write the call down."""
        given = self.cleaned_data
        return services.log_call(
            by=by,
            now=now,
            key=given["key"],
            call=self.call,
            reached=given["reached"] == YES,
            words=given["words"],
        )

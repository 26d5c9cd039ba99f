"""What becomes of a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import ServiceForm
from zhitong.replies import services
from zhitong.replies.states import TEXT

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.replies.models import Reply


class TakeForm(ServiceForm):
    """Nothing to say: the reply is good."""

    def perform(self, *, by: Actor, now: datetime, reply: Reply) -> Reply:
        """Take the reply in."""
        return services.take_reply(by=by, now=now, reply=reply, **self.cleaned_data)


class RefuseForm(ServiceForm):
    """Why the reply is not taken in."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": TEXT, "data-counter": ""}),
    )

    def perform(self, *, by: Actor, now: datetime, reply: Reply) -> Reply:
        """Refuse the reply; a new link may be made."""
        return services.refuse_reply(by=by, now=now, reply=reply, **self.cleaned_data)

"""A reply as its unit writes it, or as somebody enters it from paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases.states import Outcome, outcomes_for
from zhitong.core.forms import ExaminedFilesField, ServiceForm
from zhitong.replies import services
from zhitong.replies.states import NAME, TEXT

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.replies.models import Reply, ReplyLink
    from zhitong.replies.queries import Matter

FILES = 3


class ReplyForm(ServiceForm):
    """Reply, outcome where the unit leads the case, who replies, scans."""

    text = forms.CharField(
        label=_("Text of the reply"),
        max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": TEXT, "data-counter": ""}),
    )
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Who replies: name and post"),
        max_length=NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    files = ExaminedFilesField(
        label=_("Scan of the sealed reply"), limit=FILES, help_text=_("A photo or a PDF.")
    )

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter = matter
        self.fields["outcome"].choices = outcomes_for(matter.case)
        if matter.assist is not None:
            del self.fields["outcome"]


class LinkReplyForm(ReplyForm):
    """What a unit without accounts fills in."""

    def perform(self, *, by: Actor, now: datetime, link: ReplyLink) -> Reply:
        """Send the reply; the link is used up."""
        return services.reply_by_link(by=by, now=now, link=link, **self.cleaned_data)


class PaperForm(ReplyForm):
    """What stands on the paper, and its scan."""

    def perform(self, *, by: Actor, now: datetime) -> Reply:
        """Enter the reply; it waits to be taken in."""
        return services.enter_reply(by=by, now=now, **self.matter.given(), **self.cleaned_data)

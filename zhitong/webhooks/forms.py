"""Inputs for subscriptions of programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.errors import FieldError
from zhitong.core.forms import ServiceForm
from zhitong.webhooks import queries, services
from zhitong.webhooks.addresses import LONGEST, parse
from zhitong.webhooks.states import topics

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.webhooks.models import Subscription


class SubscriptionForm(ServiceForm):
    """Whose key, which address, what about."""

    token = forms.ModelChoiceField(label=_("Key of the program"), queryset=None, empty_label=None)
    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST,
        help_text=_("It begins with https:// and is the program's own."),
    )
    topics = forms.MultipleChoiceField(label=_("What it is told"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.now = actor, now
        self.fields["token"].queryset = queries.tokens(actor, now)
        self.fields["topics"].choices = list(topics().items())

    def clean_address(self) -> str:
        """Refuse what is no address before anybody looks where it leads."""
        address = str(self.cleaned_data["address"])
        try:
            parse(address)
        except FieldError as error:
            raise forms.ValidationError(error.message) from error
        return address

    def perform(self) -> Subscription:
        """Make the subscription."""
        given = self.cleaned_data
        return services.subscribe(
            by=self.actor,
            now=self.now,
            key=given["key"],
            token=given["token"],
            address=given["address"],
            names=given["topics"],
        )

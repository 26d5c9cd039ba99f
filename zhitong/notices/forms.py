"""What people fill in about how they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhitong.core import data
from zhitong.core.forms import ServiceForm
from zhitong.notices import services
from zhitong.notices.states import Channel, State

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.notices.models import Preference
    from zhitong.notices.queries import Person
    from zhitong.notices.states import Table


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ChooseForm(ServiceForm):
    """Ways by group of messages, digest, quiet hours, language, and the switch for everything."""

    off = forms.BooleanField(
        label=_("Send me nothing"),
        help_text=_("Messages then stand in the system only. Codes for signing in still come."),
        required=False,
    )
    digest = forms.BooleanField(
        label=_("One e-mail a working day"),
        help_text=_("With everything unread since the last. Otherwise each message comes on its own."),
        required=False,
    )
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)
    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        help_text=_("Text messages and WeChat wait in these hours, but for the urgent class."),
        required=False,
        widget=_clock(),
    )
    quiet_to = forms.TimeField(label=_("Quiet until"), required=False, widget=_clock())

    def __init__(self, *args: Any, person: Person, table: Table, **kwargs: Any) -> None:
        kept = person.preference
        given = {
            "off": kept.off,
            "digest": person.digest,
            "language": kept.language,
            "quiet_from": kept.quiet_from,
            "quiet_to": kept.quiet_to,
        }
        super().__init__(*args, initial=given, **kwargs)
        self.groups = table.of(person.side)
        for group in self.groups:
            self.fields[f"on_{group.name}"] = forms.MultipleChoiceField(
                label=data.label(group.label),
                choices=Channel.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[
                    channel
                    for channel in Channel.values
                    if person.choices.get((group.name, channel), channel in group.on)
                ],
            )

    def perform(self, *, by: Actor, now: datetime) -> Preference:
        """Choose."""
        given = dict(self.cleaned_data)
        on = {
            f"{group.name}.{channel}": channel in given[f"on_{group.name}"]
            for group in self.groups
            for channel in Channel.values
        }
        plain = {name: value for name, value in given.items() if not name.startswith("on_")}
        return services.choose(by=by, now=now, on=on, **plain)


class AddressForm(ServiceForm):
    """The e-mail address that a code is sent to."""

    address = forms.EmailField(label=_("E-mail address"), max_length=254)


class CodeForm(forms.Form):
    """The code that came by e-mail."""

    code = forms.RegexField(
        r"^[0-9]{6}$",
        label=_("Code from the e-mail"),
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def take_back(self, error: Any) -> None:
        """Show a service's refusal beside the code."""
        self.add_error("code", error.message)


class FilterForm(forms.Form):
    """Which messages on their way out are listed."""

    channel = forms.ChoiceField(label=_("Way"), choices=[("", _("All")), *Channel.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *State.choices], required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


class RetryForm(ServiceForm):
    """The way on which everything that failed is tried again."""

    channel = forms.ChoiceField(choices=Channel.choices, widget=forms.HiddenInput)

"""Input for the key of another program."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core import slots
from zhitong.core.forms import ServiceForm
from zhitong.enterprises import services
from zhitong.enterprises.forms.firms import region_choices

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

LONGEST = 730


class TokenForm(ServiceForm):
    """What a key is called, what it is good for, whose firms it sees, for how long."""

    name = forms.CharField(label=_("Which program"), max_length=60)
    scopes = forms.MultipleChoiceField(label=_("Good for"), widget=forms.CheckboxSelectMultiple)
    regions = forms.MultipleChoiceField(label=_("Whose firms"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=LONGEST, initial=365)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(name, scope.label) for name, scope in slots.key_scopes.items()]
        self.fields["regions"].choices = [("", _("All districts")), *region_choices()]

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Make the key; a form sent twice makes another one, since the first was shown to nobody."""
        given = self.cleaned_data
        return services.issue_token(
            by=by,
            now=now,
            name=given["name"],
            scopes=given["scopes"],
            regions=given["regions"],
            expires_at=now + timedelta(days=given["days"]),
        )

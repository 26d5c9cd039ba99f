"""What may be typed into the field with which everything is found."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.slots import Sought

WORDS = 60
LEAST = 2  # one sign stands nearly everywhere
RECENT = 6
NAMES = rf"^[a-z]+:\d{{1,18}}(,[a-z]+:\d{{1,18}}){{0,{RECENT - 1}}}$"


class FindForm(forms.Form):
    """Words, or what the browser remembers as open last; neither gives a right to see anything."""

    q = forms.CharField(
        label=_("Find or do"),
        required=False,
        max_length=WORDS,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    recent = forms.RegexField(NAMES, required=False, widget=forms.HiddenInput)

    def sought(self) -> Sought:
        """What to look for; nothing at all where the input is none."""
        if not self.is_valid():
            return Sought("")
        words, recent = self.cleaned_data["q"], self.cleaned_data["recent"]
        if words:
            return Sought(words if len(words) >= LEAST else "")
        return Sought("", tuple(recent.split(",")) if recent else ())

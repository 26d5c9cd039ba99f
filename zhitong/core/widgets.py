"""Form fields that every page of a list draws alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

KEPT = 500
_drawn: dict[Any, SafeString] = {}


class SharedSelect(forms.Select):
    """A select whose choices are the same for everybody; drawn once for each language and chosen value.

    `edition` says which choices they are: the list they belong to and, of dated data, the version or the day.
    """

    def __init__(self, *edition: Any) -> None:
        super().__init__()
        self.edition = edition

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the drawn select, from memory where it was drawn before."""
        written = tuple(sorted({**self.attrs, **(attrs or {})}.items()))
        key = (*self.edition, name, str(value), get_language(), written)
        drawn = _drawn.get(key)
        if drawn is None:
            drawn = super().render(name, value, attrs, renderer)
            if len(_drawn) >= KEPT:  # values come from addresses, which anybody may write
                _drawn.clear()
            _drawn[key] = drawn
        return drawn

"""Inputs that several forms share: money in words of the office, lists in one line, firms by their code."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.errors import FieldError
from zhitong.enterprises import queries
from zhitong.enterprises.codes import checked
from zhitong.enterprises.facts import FEN_OF_TEN_THOUSAND
from zhitong.kernel.codes import normalise

if TYPE_CHECKING:
    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import Enterprise

DIGITS = 16


def day_input() -> forms.DateInput:
    """Return an input for a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TenThousandField(forms.DecimalField):
    """An amount in 10,000 yuan; cleans to whole fen."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", DIGITS)
        super().__init__(decimal_places=6, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return whole fen."""
        amount = super().clean(value)
        return None if amount is None else int(amount * FEN_OF_TEN_THOUSAND)

    def prepare_value(self, value: Any) -> Any:
        """Show fen that a service knows as 10,000 yuan."""
        if isinstance(value, int):
            return f"{(Decimal(value) / FEN_OF_TEN_THOUSAND).normalize():f}"
        return value


class WordsField(forms.CharField):
    """Several words in one line, between commas of any kind; cleans to a tuple."""

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the words."""
        text = super().clean(value) or ""
        for sign in (",", ";", "\u3001", "\uff0c", "\uff1b"):
            text = text.replace(sign, "\n")
        return tuple(word.strip() for word in text.split("\n") if word.strip())

    def prepare_value(self, value: Any) -> Any:
        """Show a tuple as one line."""
        return ", ".join(value) if isinstance(value, (tuple, list)) else value


class FirmByCodeField(forms.CharField):
    """Another firm, named by its credit code; cleans to the firm the actor may see."""

    default_error_messages = {"unknown": _("No firm with this code is in the register.")}

    def __init__(self, *, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(max_length=40, **kwargs)

    def clean(self, value: Any) -> Enterprise:
        """Return the firm; a wrong code is refused with place and hint."""
        text = super().clean(value)
        try:
            code = checked(text)
        except FieldError as error:
            raise forms.ValidationError(error.message) from error
        firm = queries.visible(self.actor).filter(code=normalise(code)).first()
        if firm is None:
            raise forms.ValidationError(self.error_messages["unknown"])
        return firm


def decimal(text: str) -> Decimal | None:
    """Return a number that somebody typed; None for what is none."""
    try:
        found = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None

"""The rating form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import VersionedForm
from zhitong.feedback import services
from zhitong.feedback.states import Grade

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.feedback.models import Rating


class RatingForm(VersionedForm):
    """One to five stars and a word."""

    stars = forms.TypedChoiceField(
        label=_("Your rating"), choices=Grade.choices, coerce=int, widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=_("What should we know?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000, "data-counter": ""}),
    )

    def perform(self, *, by: Actor, now: datetime, case: Case) -> Rating:
        """Rate the case."""
        return services.rate(by=by, now=now, case=case, **self.cleaned_data)

"""What a case is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhitong.cases import categories, services
from zhitong.core.clock import local_date
from zhitong.core.forms import ServiceForm
from zhitong.core.widgets import SharedSelect

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


class CategoryField(forms.ChoiceField):
    """The categories in their groups; chosen at first is what the case has, or what its words suggest."""

    widget = SharedSelect

    def offer(self, case: Case, now: datetime) -> None:
        """Fill in choices, the first choice, and which words made it."""
        today = local_date(now)
        self.widget.edition = ("categories", categories.version_on(today))
        self.choices = [("", categories.UNDETERMINED), *categories.choices(today)]
        suggestion = None if case.category else categories.suggestion_for(case, today)
        self.initial = suggestion.key if suggestion else case.category
        if suggestion is not None:
            words = gettext(", ").join(suggestion.words)
            self.help_text = gettext("Suggested by these words of the case: %(words)s") % {"words": words}


class CategoriseForm(ServiceForm):
    """The category of a case, and the one that the person saw."""

    before = forms.CharField(widget=forms.HiddenInput, required=False, max_length=30)
    category = CategoryField(label=_("Category"))

    def __init__(self, *args: Any, case: Case, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["before"].initial = case.category
        self.fields["category"].offer(case, now)

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Write the category down."""
        return services.categorise(by=by, now=now, case=self.case, **self.cleaned_data)

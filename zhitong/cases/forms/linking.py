"""Saying which firm a case is of that came in with a name only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.core.forms import VersionedForm

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.enterprises.queries import Named


class LinkForm(VersionedForm):
    """The firm, chosen among those that may be meant and those that were looked up."""

    firm = forms.ChoiceField(label=_("Firm"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, case: Case, firms: Iterable[Named], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(firms)
        self.case = case
        self.firms = {str(named.firm.pk): named.firm for named in found}
        self.fields["firm"].choices = [(str(named.firm.pk), named.label) for named in found]
        self.fields["version"].initial = case.version

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Give the case its firm."""
        given = self.cleaned_data
        return services.link_firm(
            by=by,
            now=now,
            key=given["key"],
            case=self.case,
            firm=self.firms[given["firm"]],
            version=given["version"],
        )

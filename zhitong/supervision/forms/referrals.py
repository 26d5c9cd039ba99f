"""What people lay before a leader, and what the leader says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import VersionedForm
from zhitong.orgs.models import Department
from zhitong.supervision import queries, services
from zhitong.supervision.forms.matters import TEXT, text_area

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.supervision.models import Referral


class UnitField(forms.ModelChoiceField):
    """A unit to choose, by the name in the reader's language."""

    def label_from_instance(self, obj: Department) -> str:
        """The unit's name."""
        return obj.label


class ProposeForm(VersionedForm):
    """The brief: problem, sticking point, views, proposal."""

    to_department = UnitField(label=_("Leader of"), queryset=Department.objects.none(), empty_label=None)
    problem = forms.CharField(label=_("Problem"), max_length=TEXT, widget=text_area(3))
    sticking_point = forms.CharField(label=_("Where it is stuck"), max_length=TEXT, widget=text_area(3))
    views = forms.CharField(label=_("Views of those concerned"), max_length=TEXT, widget=text_area(3))
    proposal = forms.CharField(label=_("Proposal"), max_length=TEXT, widget=text_area(3))

    def __init__(self, *args: Any, case: Case, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.fields["version"].initial = case.version
        self.fields["to_department"].queryset = queries.with_leader(case, now)

    def perform(self, *, by: Actor, now: datetime) -> Referral:
        """Lay the case before the leader."""
        given = dict(self.cleaned_data)
        texts = ("problem", "sticking_point", "views", "proposal")
        brief = services.Brief(**{name: given.pop(name) for name in texts})
        return services.propose(by=by, now=now, case=self.case, brief=brief, **given)


class ReferralForm(VersionedForm):
    """A step of what lies before a leader."""

    service: Any = None

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral = referral
        self.fields["version"].initial = referral.version

    def perform(self, *, by: Actor, now: datetime) -> Referral:
        """Call the service of the step with the cleaned inputs."""
        return type(self).service(by=by, now=now, referral=self.referral, **self.cleaned_data)


class DecideForm(ReferralForm):
    """What the leader says."""

    service = services.decide
    words = forms.CharField(label=_("What you decide"), max_length=TEXT, widget=text_area(4))


class WithdrawForm(ReferralForm):
    """Why no leader has to decide it any more."""

    service = services.withdraw_referral
    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(3))


REFERRAL_FORMS: dict[str, type[ReferralForm]] = {"decide": DecideForm, "withdraw_referral": WithdrawForm}

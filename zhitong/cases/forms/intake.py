"""What the intake unit fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import advice, queries, services
from zhitong.cases.forms.base import TEXT, ActionForm, ReasonForm, text_area
from zhitong.cases.forms.categories import CategoryField
from zhitong.cases.models import Case
from zhitong.cases.states import DEFAULT_KIND, Outcome, kinds, outcomes_for, routes, state_label
from zhitong.core.actor import Role
from zhitong.core.http import whole
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from datetime import datetime


class ReturnForm(ReasonForm):
    """What the firm should add."""

    service = services.return_for_supplement
    reason = forms.CharField(
        label=_("What is missing"), max_length=TEXT, widget=text_area(3), help_text=_("The firm reads this.")
    )


class AcceptForm(ActionForm):
    """Which kind of matter this is, and what it is about."""

    service = services.accept
    kind = forms.ChoiceField(
        label=_("Kind of matter"),
        widget=forms.RadioSelect,
        help_text=_("The kind decides how long the handling may take."),
    )
    category = CategoryField(label=_("Category"), required=False)
    message = forms.CharField(
        label=_("Word to the firm"), max_length=TEXT, required=False, widget=text_area(2)
    )

    def prepare(self) -> None:
        self.fields["category"].offer(self.case, self.now)
        self.fields["kind"].choices = list(kinds(self.case.sla_version).items())
        self.fields["kind"].initial = self.case.kind or DEFAULT_KIND


class LeadForm(ActionForm):
    """Which department answers, and who in it."""

    lead = forms.ModelChoiceField(label=_("Lead department"), queryset=Department.objects.none())
    person = forms.ModelChoiceField(
        label=_("Person in charge"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("The department decides"),
    )

    def prepare(self) -> None:
        self.fields["lead"].queryset = org_queries.chargeable()
        self.fields["person"].queryset = org_queries.everyone_with(Role.HANDLER, now=self.now)
        self.fields["person"].choices = by_department(self.now)


def by_department(now: datetime, below: str = "") -> list[Any]:
    """Handlers of the departments below a path, grouped, so that the list works without JavaScript."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for post in (
        org_queries.current_postings(now)
        .filter(role=Role.HANDLER, department__path__startswith=below)
        .order_by("department__path", "user")
    ):
        groups.setdefault(post.department.label, []).append((post.user_id, post.user.name))
    return [("", _("The department decides")), *groups.items()]


class DispatchForm(LeadForm):
    """Charge a department with the answer."""

    service = services.dispatch
    message = forms.CharField(
        label=_("Word to the department"), max_length=TEXT, required=False, widget=text_area(2)
    )


class RedispatchForm(LeadForm):
    """Charge another department."""

    service = services.redispatch
    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(2))


class CloseForm(ActionForm):
    """What the return visit found."""

    service = services.close
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("What the return visit found"), max_length=TEXT, required=False, widget=text_area(2)
    )

    def prepare(self) -> None:
        self.fields["outcome"].choices = outcomes_for(self.case)
        if not self.case.reopened:  # after a bad word what the answer says of itself is no proposal
            self.fields["outcome"].initial = self.case.outcome


class CaseField(forms.ModelChoiceField):
    """A case of a list, as a dispatcher recognises it."""

    def label_from_instance(self, obj: Case) -> str:
        """Number, title and firm."""
        return f"{obj.number} {obj.title} ({queries.whose(None, obj)})"


class EarlierField(forms.ModelChoiceField):
    """An earlier case of the same firm."""

    def label_from_instance(self, obj: Case) -> str:
        """Number, title and how it stands."""
        return f"{obj.number} {obj.title} ({state_label(obj)})"


class RefuseForm(ActionForm):
    """Why a case is not accepted, and where it belongs."""

    service = services.refuse
    route = forms.ChoiceField(label=_("Why it is not accepted"), widget=forms.RadioSelect)
    earlier = EarlierField(
        label=_("The firm's earlier case"),
        queryset=Case.objects.none(),
        required=False,
        help_text=_("Needed where the same matter is running or has ended. Those most alike stand on top."),
    )
    text = forms.CharField(
        label=_("Word to the firm"),
        max_length=TEXT,
        required=False,
        widget=text_area(4),
        help_text=_("The firm reads this. Left empty, it reads the way that belongs to the reason."),
    )

    def prepare(self) -> None:
        self.fields["route"].choices = [(row.name, row.label) for row in routes().values()]
        earlier = self.fields["earlier"]
        earlier.queryset = queries.earlier_of(self.case)
        offered = advice.same_before(self.case, self.now)
        earlier.choices = [("", _("None")), *((row.pk, earlier.label_from_instance(row)) for row in offered)]

    def given(self) -> dict[str, Any]:
        """Fill in the way that belongs to the reason."""
        chosen = routes().get(self.cleaned_data["route"])
        way = chosen.way if chosen else ""
        return {**self.cleaned_data, "text": self.cleaned_data["text"].strip() or way}


class MergeForm(ReasonForm):
    """In which other case this one is handled."""

    service = services.merge
    main = CaseField(
        label=_("Handled in the case"),
        queryset=Case.objects.none(),
        required=False,
        help_text=_(
            "Its answer and its time become those of this case. The firms never learn of each other."
        ),
    )
    number = forms.CharField(
        label=_("Or its number"),
        max_length=24,
        required=False,
        help_text=_("The list shows those most alike and the newest. Any other case is named by its number."),
    )
    field_order = ("main", "number", "reason")

    def prepare(self) -> None:
        main = self.fields["main"]
        main.queryset = queries.mergeable(self.case)
        offered = advice.groups_for(self.case, self.now)
        if chosen := self.initial.get("main"):  # named by the page that the person comes from
            key = whole(str(chosen), below=2**63)
            offered = [*main.queryset.filter(pk=key).exclude(pk__in=[row.pk for row in offered]), *offered]
        main.choices = [("", _("Choose")), *((row.pk, main.label_from_instance(row)) for row in offered)]

    def clean_number(self) -> Case | None:
        """Return the case of a number that was filled in."""
        number = self.cleaned_data["number"].strip()
        found = queries.mergeable(self.case).filter(number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(_("Choose a running case of your own unit that has no answer yet."))
        return found

    def given(self) -> dict[str, Any]:
        """Return the case that was named by its number, or else the chosen one."""
        cleaned = dict(self.cleaned_data)
        named = cleaned.pop("number")
        return {**cleaned, "main": named or cleaned["main"]}


class SeparateForm(ReasonForm):
    """Why a case leaves its group."""

    service = services.separate


class SplitForm(ActionForm):
    """The second matter of a case."""

    service = services.split
    title = forms.CharField(label=_("Title of the second matter"), max_length=80, required=False)
    text = forms.CharField(
        label=_("The second matter, as the firm said it"),
        max_length=TEXT,
        widget=text_area(4),
        help_text=_("It becomes a case of its own, with its own owner and clock. The firm follows both."),
    )


class PassUpForm(ReasonForm):
    """What the first look found."""

    service = services.pass_up
    reason = forms.CharField(label=_("What you found on the spot"), max_length=TEXT, widget=text_area(3))


class OverruleForm(ReasonForm):
    """Why the department stays the lead."""

    service = services.overrule


class UpholdForm(ReasonForm):
    """Why the matter is another department's."""

    service = services.uphold


class DeclineForm(ReasonForm):
    """Why the request is declined."""

    service = services.decline


class GrantForm(ActionForm):
    """What the firm is told about a request that is granted."""

    message = forms.CharField(label=_("Reason, as the firm reads it"), max_length=TEXT, widget=text_area(3))

    def prepare(self) -> None:
        ask = self.case.asks.filter(decision="").first() if self.case.asking else None
        self.fields["message"].initial = ask.reason if ask else ""


class GrantExtensionForm(GrantForm):
    """Grant more days."""

    service = services.grant_extension


class GrantSuspensionForm(GrantForm):
    """Grant a suspension."""

    service = services.grant_suspension


class GrantPlanForm(GrantForm):
    """Grant a place on the plan."""

    service = services.grant_plan


class RemindForm(ActionForm):
    """What whoever has the case should do now."""

    service = services.remind
    reason = forms.CharField(label=_("What should happen now"), max_length=TEXT, widget=text_area(2))


class ReopenForm(ReasonForm):
    """Why a closed case is taken up again."""

    service = services.reopen
    reason = forms.CharField(
        label=_("Reason"), max_length=TEXT, widget=text_area(3), help_text=_("The firm reads this.")
    )


class TakeBackDispatchForm(ActionForm):
    """Nothing to say: the department has not begun."""

    about = _("The case is back to be dispatched, and the department is told. It was not begun yet.")
    service = services.take_back_dispatch

"""How a list is narrowed, and what a person decides about a common problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.commons import queries, services
from zhitong.commons.states import TEXT, TITLE, Standing, State
from zhitong.core.clock import local_date
from zhitong.core.forms import RowsField, VersionedForm
from zhitong.core.http import KEYS, whole
from zhitong.orgs import queries as orgs_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.commons.models import CommonMember, CommonProblem
    from zhitong.core.actor import Actor

STATES = [("open", _("Open")), ("", _("All")), *State.choices]
MONTH = "%Y-%m"


def text_area(rows: int) -> forms.Textarea:
    """Return a text area with a counter."""
    return forms.Textarea(attrs={"rows": rows, "maxlength": TEXT, "data-counter": ""})


def day_input() -> forms.DateInput:
    """Return an input of a day."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RowField(forms.ModelChoiceField):
    """One row of a list; a number that no row can have is an unknown choice, on SQLite too."""

    def to_python(self, value: Any) -> Any:
        """Refuse a number that is too large before the database meets it."""
        if value not in self.empty_values and whole(str(value), below=KEYS) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": value})
        return super().to_python(value)


class UnitField(RowField):
    """A unit, by its name in the reader's language."""

    def label_from_instance(self, obj: Department) -> str:
        """The unit's name."""
        return obj.label


class CaseField(RowField):
    """A case, by number and title."""

    def label_from_instance(self, obj: Case) -> str:
        """What it is called."""
        return f"{obj.number} {obj.title}"


class CasesField(RowsField):
    """Cases of a common problem, by number, firm's unit and title."""

    def label_from_instance(self, obj: Case) -> str:
        """What it is called."""
        return f"{obj.number} {obj.title}"


class PersonField(RowField):
    """A person, by name."""

    def label_from_instance(self, obj: User) -> str:
        """The name."""
        return obj.name


class FilterForm(forms.Form):
    """How the list of common problems is narrowed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
    lead = UnitField(
        label=_("Lead department"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )

    def __init__(self, *args: Any, leads: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["lead"].queryset = leads


class ConfirmForm(VersionedForm):
    """Which cases are one matter, what it is called, who leads it, which case the others follow."""

    cases = CasesField(
        label=_("Cases that belong to it"), queryset=None, widget=forms.CheckboxSelectMultiple,
        help_text=_("Leave out what is about something else; it goes on alone."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=TITLE)
    leading = CaseField(
        label=_("Leading case"), queryset=None, empty_label=None,
        help_text=_(
            "The others follow it and are answered together with it. Only an accepted case of your own unit "
            "that has no answer yet can lead."
        ),
    )  # fmt: skip
    lead = UnitField(label=_("Lead department"), queryset=Department.objects.none())
    plan = forms.CharField(label=_("Plan"), required=False, max_length=TEXT, widget=text_area(4))
    due = forms.DateField(label=_("To be solved by"), required=False, widget=day_input())

    def __init__(
        self, *args: Any, actor: Actor, problem: CommonProblem, members: list[CommonMember], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        shown = [row.case_id for row in members if row.open]
        self.fields["cases"].queryset = queries.shown_cases(actor, shown)
        self.fields["cases"].initial = shown
        leading = queries.can_lead(actor, problem)
        self.fields["leading"].queryset = leading
        self.fields["lead"].queryset = orgs_queries.chargeable()
        first = leading.filter(pk=problem.leading_id).first() or leading.first()
        self.fields["leading"].initial = first and first.pk
        self.fields["lead"].initial = first and first.lead_id
        self.fields["title"].initial = problem.title
        self.fields["version"].initial = problem.version

    def perform(self, *, by: Actor, now: datetime, problem: CommonProblem) -> CommonProblem:
        """Confirm."""
        given = self.cleaned_data
        decided = services.Decided(
            title=given["title"],
            lead=given["lead"],
            leading=given["leading"],
            cases=[case.pk for case in given["cases"]],
            plan=given["plan"],
            due=given["due"],
        )
        return services.confirm(
            by=by, now=now, key=given["key"], problem=problem, decided=decided, version=given["version"]
        )


class DismissForm(VersionedForm):
    """Why the cases are not one matter."""

    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(3))

    def __init__(self, *args: Any, problem: CommonProblem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = problem.version

    def perform(self, *, by: Actor, now: datetime, problem: CommonProblem) -> CommonProblem:
        """Dismiss."""
        return services.dismiss(by=by, now=now, problem=problem, **self.cleaned_data)


class SettleForm(VersionedForm):
    """Which newcomers are meant."""

    cases = CasesField(
        label=_("Cases"), queryset=None, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip

    def __init__(
        self, *args: Any, actor: Actor, problem: CommonProblem, members: list[CommonMember], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        waiting = [row.case_id for row in members if row.open and row.standing == Standing.NEW]
        self.fields["cases"].queryset = queries.shown_cases(actor, waiting)
        self.fields["cases"].initial = waiting
        self.fields["version"].initial = problem.version

    def perform(self, *, by: Actor, now: datetime, problem: CommonProblem, take: bool) -> CommonProblem:
        """Take them in, or leave them out."""
        given = self.cleaned_data
        service = services.take_in if take else services.leave_out
        cases = [case.pk for case in given["cases"]]
        return service(
            by=by, now=now, key=given["key"], problem=problem, cases=cases, version=given["version"]
        )


class MonthForm(VersionedForm):
    """The month, who answers for the plan, the plan, its day."""

    month = forms.DateField(
        label=_("Month"),
        input_formats=[MONTH],
        widget=forms.DateInput(attrs={"type": "month"}, format=MONTH),
        error_messages={"invalid": _("Give a month like 2026-06.")},
    )
    owner = PersonField(label=_("Who answers for it"), queryset=User.objects.none())
    plan = forms.CharField(label=_("Plan"), max_length=TEXT, widget=text_area(5))
    due = forms.DateField(label=_("To be solved by"), widget=day_input())

    def __init__(
        self, *args: Any, actor: Actor, problem: CommonProblem, now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = queries.owners(actor, problem, now)
        self.fields["month"].initial = problem.month or local_date(now).replace(day=1)
        for name in ("owner", "plan", "due"):
            self.fields[name].initial = getattr(problem, name)
        self.fields["version"].initial = problem.version

    def perform(self, *, by: Actor, now: datetime, problem: CommonProblem) -> CommonProblem:
        """Make it the matter of the month."""
        given = self.cleaned_data
        plan = services.MonthPlan(given["month"], given["owner"], given["plan"], given["due"])
        return services.set_month(
            by=by, now=now, key=given["key"], problem=problem, given=plan, version=given["version"]
        )

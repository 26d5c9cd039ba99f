"""The inputs of every action of the flow; each form knows the one service it calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.cases.models import Case
from zhitong.cases.states import Outcome, Visibility, kinds
from zhitong.core.actor import Role
from zhitong.core.forms import ExaminedFilesField, ServiceForm, VersionedForm
from zhitong.enterprises import queries as enterprise_queries
from zhitong.enterprises.models import Enterprise
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor

TEXT = 2000


def text_area(rows: int = 4, **attributes: str) -> forms.Textarea:
    """Return a text area with a counter."""
    return forms.Textarea(attrs={"rows": rows, "maxlength": TEXT, "data-counter": "", **attributes})


class SubmitForm(ServiceForm):
    """What a firm says; one text is enough."""

    firm = forms.ModelChoiceField(
        label=_("For which firm"), queryset=Enterprise.objects.none(), empty_label=None
    )
    text = forms.CharField(
        label=_("What is the trouble?"),
        max_length=TEXT,
        widget=text_area(5),
        help_text=_("One sentence is enough."),
    )
    place = forms.CharField(label=_("Where (if it matters)"), max_length=200, required=False)
    files = ExaminedFilesField(
        label=_("Photos or a voice recording"),
        help_text=_("Up to 9 files. Location data is removed from photos."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["firm"].queryset = enterprise_queries.own_firms(actor)
        firms = list(self.fields["firm"].queryset[:2])
        if len(firms) == 1:
            # Nothing to choose: one firm fewer to think about on a phone.
            self.fields["firm"].widget = forms.HiddenInput()
            self.fields["firm"].initial = firms[0].pk

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Submit the case."""
        cleaned = self.cleaned_data
        draft = services.Draft(text=cleaned["text"], place=cleaned["place"], files=tuple(cleaned["files"]))
        return services.submit(by=by, now=now, key=cleaned["key"], draft=draft, firm=cleaned["firm"])


class ActionForm(VersionedForm):
    """A form for one action on one case."""

    service: Any = None

    def __init__(self, *args: Any, case: Case, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case
        self.now = now
        self.fields["version"].initial = case.version
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the case."""

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Call the service of the action with the cleaned inputs."""
        return type(self).service(by=by, now=now, case=self.case, **self.cleaned_data)


class SupplementForm(ActionForm):
    """The missing words and files."""

    service = services.supplement
    text = forms.CharField(label=_("What was missing"), max_length=TEXT, widget=text_area())
    files = ExaminedFilesField(label=_("Photos or a voice recording"))


class ReasonForm(ActionForm):
    """An action that asks for a reason only."""

    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(3))


class WithdrawForm(ReasonForm):
    """Why the firm takes its case back."""

    service = services.withdraw


class ReturnForm(ReasonForm):
    """What the firm should add."""

    service = services.return_for_supplement
    reason = forms.CharField(
        label=_("What is missing"), max_length=TEXT, widget=text_area(3), help_text=_("The firm reads this.")
    )


class RejectForm(ReasonForm):
    """What the author should change."""

    service = services.reject


class AcceptForm(ActionForm):
    """Which kind of matter this is."""

    service = services.accept
    kind = forms.ChoiceField(
        label=_("Kind of matter"),
        widget=forms.RadioSelect,
        help_text=_("The kind decides how many working days the handling may take."),
    )
    message = forms.CharField(
        label=_("Word to the firm"), max_length=TEXT, required=False, widget=text_area(2)
    )

    def prepare(self) -> None:
        self.fields["kind"].choices = list(kinds(self.case.sla_version).items())
        self.fields["kind"].initial = "normal"


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
        self.fields["lead"].queryset = org_queries.leads()
        self.fields["person"].queryset = org_queries.everyone_with(Role.HANDLER, now=self.now)
        self.fields["person"].choices = _by_department(self.now)


def _by_department(now: datetime) -> list[Any]:
    """Handlers grouped by their department, so that the list works without JavaScript."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for post in (
        org_queries.current_postings(now).filter(role=Role.HANDLER).order_by("department__path", "user")
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


class AssignForm(ActionForm):
    """Who in the lead department is in charge."""

    service = services.assign
    person = forms.ModelChoiceField(label=_("Person in charge"), queryset=User.objects.none())

    def prepare(self) -> None:
        self.fields["person"].queryset = org_queries.holders(
            self.case.lead_id or 0, Role.HANDLER, now=self.now
        )


class StartForm(ActionForm):
    """Nothing to say: take the case up."""

    service = services.start


class ApproveForm(ActionForm):
    """Nothing to say: the answer is good."""

    service = services.approve


class NoteForm(ActionForm):
    """A line of progress."""

    service = services.note
    text = forms.CharField(label=_("Progress"), max_length=TEXT, widget=text_area(3))
    visibility = forms.ChoiceField(
        label=_("Who may read it"),
        choices=Visibility.choices,
        initial=Visibility.INTERNAL,
        widget=forms.RadioSelect,
    )
    files = ExaminedFilesField(label=_("Photos or documents"))

    def perform(self, *, by: Actor, now: datetime) -> Case:
        """Add the note whatever happened to the case meanwhile: notes do not compete."""
        self.cleaned_data["version"] = None
        return super().perform(by=by, now=now)


class AnswerForm(ActionForm):
    """The answer and how the trouble ends."""

    service = services.answer
    text = forms.CharField(label=_("Answer to the firm"), max_length=TEXT, widget=text_area(6))
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.fields["text"].initial = self.case.answer
        self.fields["outcome"].initial = self.case.outcome


class CloseForm(ActionForm):
    """What the return visit found."""

    service = services.close
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("What the return visit found"), max_length=TEXT, required=False, widget=text_area(2)
    )

    def prepare(self) -> None:
        self.fields["outcome"].initial = self.case.outcome


ACTION_FORMS: dict[str, type[ActionForm]] = {
    "supplement": SupplementForm,
    "withdraw": WithdrawForm,
    "accept": AcceptForm,
    "return": ReturnForm,
    "dispatch": DispatchForm,
    "redispatch": RedispatchForm,
    "close": CloseForm,
    "assign": AssignForm,
    "start": StartForm,
    "note": NoteForm,
    "answer": AnswerForm,
    "approve": ApproveForm,
    "reject": RejectForm,
}


class FilterForm(forms.Form):
    """How a list of cases is narrowed."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("State"), required=False)
    department = forms.ModelChoiceField(
        label=_("Accountable"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )
    late = forms.BooleanField(label=_("Overdue only"), required=False)

    def __init__(self, *args: Any, states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["state"].choices = [("", _("All states")), *states]
        self.fields["department"].queryset = org_queries.departments()

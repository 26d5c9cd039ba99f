"""What the lead department fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.cases.forms.base import TEXT, ActionForm, ReasonForm, text_area
from zhitong.cases.forms.intake import LeadForm, by_department
from zhitong.cases.states import Outcome, Visibility, Way, outcomes_for
from zhitong.core.actor import Role
from zhitong.core.forms import ExaminedFilesField
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department, User

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor


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
        self.fields["outcome"].choices = outcomes_for(self.case)
        # An answer that was sent back is mended; one with which the firm was dissatisfied is not given again.
        moved = self.case.entries.exclude(from_state=F("to_state")).order_by("-pk")
        last = moved.values_list("action", flat=True).first() or ""
        if not last.startswith("reopen"):
            self.fields["text"].initial = self.case.answer
            self.fields["outcome"].initial = self.case.outcome


class TakeBackAnswerForm(ActionForm):
    """Nothing to say: the answer is one's own, and nobody has signed."""

    about = _("The answer is yours to change again. Nobody has signed it yet, and the firm has not seen it.")
    service = services.take_back_answer


class ApproveForm(ActionForm):
    """Nothing to say: the answer is good."""

    service = services.approve


class RejectForm(ReasonForm):
    """What the author should change."""

    service = services.reject


class ReviewForm(ActionForm):
    """A signature that is not the last one, with a word to the next."""

    service = services.review
    message = forms.CharField(
        label=_("Word to the next signature"), max_length=TEXT, required=False, widget=text_area(2)
    )


class ObjectForm(ReasonForm):
    """Why the matter is another department's."""

    service = services.object_to
    reason = forms.CharField(
        label=_("Why it is not yours, and whose it is"),
        max_length=TEXT,
        widget=text_area(3),
        help_text=_("Possible once, within a working day. The dispatcher decides today, and that is final."),
    )


class TransferForm(LeadForm):
    """Which unit below goes on."""

    service = services.transfer
    lead = forms.ModelChoiceField(label=_("Unit below"), queryset=Department.objects.none())
    reason = forms.CharField(label=_("Reason"), max_length=TEXT, widget=text_area(2))

    def prepare(self) -> None:
        super().prepare()
        path = self.case.lead.path if self.case.lead else "-"
        below = org_queries.chargeable().filter(path__startswith=path).exclude(pk=self.case.lead_id)
        self.fields["lead"].queryset = below
        self.fields["person"].choices = by_department(self.now, path)


class ContactForm(ActionForm):
    """How the firm was reached, and what was said."""

    service = services.contact
    way = forms.ChoiceField(label=_("How"), choices=Way.choices, initial=Way.CALL, widget=forms.RadioSelect)
    text = forms.CharField(label=_("What was said"), max_length=TEXT, widget=text_area(3))


class AskHelpForm(ActionForm):
    """Which department should do which part."""

    service = services.ask_help
    department = forms.ModelChoiceField(label=_("Helping department"), queryset=Department.objects.none())
    text = forms.CharField(label=_("What it should do"), max_length=TEXT, widget=text_area(3))

    def prepare(self) -> None:
        self.fields["department"].queryset = org_queries.chargeable().exclude(pk=self.case.lead_id)

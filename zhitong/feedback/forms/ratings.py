"""What is filled in after an answer, and how figures are narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.core.forms import YEARS, ServiceForm, VersionedForm
from zhitong.feedback import services
from zhitong.feedback.states import EFFECT_TEXT, EffectState, Grade, Unfit, Way
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.cases.models import Case
    from zhitong.core.actor import Actor
    from zhitong.feedback.models import Rating, ReturnVisit


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


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not asked; cleans to True, False or None."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("yes", _("Yes")), ("no", _("No")), ("", _("Not asked"))]
        super().__init__(
            choices=choices,
            coerce=lambda value: value == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )


class VisitForm(ServiceForm):
    """What a firm said when it was asked."""

    way = forms.ChoiceField(label=_("How"), choices=Way.choices, widget=forms.RadioSelect)
    reached = forms.ChoiceField(
        label=_("Did you reach the firm?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    contacted = YesNoField(label=_("Did the department contact the firm?"))
    solved = YesNoField(label=_("Is the trouble gone?"))
    grade = forms.TypedChoiceField(
        label=_("How satisfied is the firm?"),
        choices=[*Grade.choices, ("", _("Not asked"))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In the firm's words, or how you tried"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000, "data-counter": ""}),
    )

    def perform(self, *, by: Actor, now: datetime, case: Case) -> ReturnVisit:
        """Write the return visit down."""
        given = self.cleaned_data
        said = services.Said(given["contacted"], given["solved"], given["grade"], given["words"])
        return services.visit_back(
            by=by,
            now=now,
            key=given["key"],
            case=case,
            way=given["way"],
            reached=given["reached"] == "yes",
            said=said,
        )


class ExclusionForm(ServiceForm):
    """Why a case should not count."""

    reason = forms.ChoiceField(label=_("Why it should not count"), choices=Unfit.choices)
    words = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000})
    )


class DecisionForm(ServiceForm):
    """Whether a case is left out."""

    approved = forms.ChoiceField(
        label=_("Leave it out?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 1000}),
    )


class FiguresForm(forms.Form):
    """Which days are counted, and by what they are grouped."""

    begin = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    end = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    group = forms.ChoiceField(
        label=_("Grouped by"),
        choices=[
            ("department", _("Lead department")),
            ("district", _("Intake unit")),
            ("category", _("Category")),
            ("subcategory", _("Category, in detail")),
            ("kind", _("Kind of matter")),
            ("channel", _("Came in by")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or lies outside the calendar."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        begin, end = given.get("begin"), given.get("end")
        if begin and end and (begin > end or begin.year not in YEARS or end.year not in YEARS):
            self.add_error("end", _("Give a last day that is not before the first one."))
        return given


def _words(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=EFFECT_TEXT,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": EFFECT_TEXT, "data-counter": ""}),
    )


class ExpectForm(ServiceForm):
    """What an answer is to bring about, and by when."""

    text = _words(_("What the firm will see when it is there"))
    expected_by = forms.DateField(
        label=_("Expected by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class EffectTextForm(VersionedForm):
    """A step of an effect with a sentence."""

    def __init__(self, *args: Any, label: Any, field: str = "text", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[field] = _words(label)


class EffectPlainForm(VersionedForm):
    """A step of an effect that needs no word."""


class VisitsForm(forms.Form):
    """Which firms that are to be asked are listed."""

    department = forms.ModelChoiceField(
        label=_("Lead department"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )
    late = forms.BooleanField(label=_("Due today or earlier"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].queryset = org_queries.departments()


class EffectsForm(forms.Form):
    """Which effects are listed."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("All")), *EffectState.choices], required=False
    )
    department = forms.TypedChoiceField(
        label=_("Lead department"), coerce=int, empty_value=None, required=False
    )
    late = forms.BooleanField(label=_("Look is due"), required=False)

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["department"].choices = [("", _("All")), *departments]

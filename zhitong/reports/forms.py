"""How the ledger is narrowed, a template comes in, a report is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhitong.cases import queries as case_queries
from zhitong.cases.states import kinds, newest_flow, profiles
from zhitong.core import data
from zhitong.core.forms import YEARS, ServiceForm
from zhitong.core.http import KEYS
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department
from zhitong.reports import documents, figures, queries, services
from zhitong.reports.models import Template
from zhitong.reports.permissions import KEEPERS
from zhitong.reports.states import NAME, QUERY, Day, ReportKind, Standing

if TYPE_CHECKING:
    from datetime import date, datetime

    from zhitong.core.actor import Actor
    from zhitong.reports.documents import Filled
    from zhitong.reports.models import LedgerView, Report, TemplateVersion

SPANS = {"week": ("week", 0), "last_week": ("week", 1), "month": ("month", 0), "last_month": ("month", 1)}


class DayField(forms.DateField):
    """A day in a person's working life."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: Any) -> date | None:
        """Refuse a year far away: it is a slip of the finger and overflows calendars."""
        day = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise forms.ValidationError(_("Give a year from 2000 to 2099."), code="years")
        return day


class LedgerForm(forms.Form):
    """The filters of the ledger; the last three name a figure of a report."""

    q = forms.CharField(label=_("Words"), required=False, max_length=60)
    begin = DayField(label=_("From"), required=False)
    end = DayField(label=_("Until"), required=False)
    by = forms.ChoiceField(label=_("Dates by"), required=False, choices=Day.choices)
    lead = forms.ModelChoiceField(
        label=_("Lead department"),
        required=False,
        queryset=Department.objects.none(),
        empty_label=_("All departments"),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    kind = forms.ChoiceField(label=_("Kind of matter"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    standing = forms.ChoiceField(label=_("Standing"), required=False)
    report = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=KEYS - 1)
    unit = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    figure = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        states = [(name, data.label(state.label)) for name, state in newest_flow().states.items()]
        self.fields["state"].choices = [("", _("All states")), *states]
        self.fields["kind"].choices = [("", _("All kinds")), *kinds(max(profiles())).items()]
        self.fields["category"].choices = [("", _("All categories")), *case_queries.category_filters()]
        self.fields["standing"].choices = [("", _("All")), *Standing.choices]
        self.fields["lead"].queryset = org_queries.departments()

    def given(self) -> dict[str, Any]:
        """Return what was said, without what makes no sense."""
        self.is_valid()
        return dict(self.cleaned_data)

    def said(self) -> str:
        """Return the filters in words, as they stand above the list on paper."""
        given = self.given()
        parts = [
            f"{field.label}: {self._word(field.name, given[field.name])}"
            for field in self.visible_fields()
            if given.get(field.name) and (field.name != "by" or given.get("begin") or given.get("end"))
        ]
        return "; ".join(parts) or str(_("All cases in sight"))

    def _word(self, name: str, value: Any) -> str:
        choices = dict(getattr(self.fields[name], "choices", ())) if isinstance(value, str) else {}
        return str(choices.get(value, value))


class UnitField(forms.ModelChoiceField):
    """One of the units that somebody may speak for; the first where nothing is said."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Department.objects.none(), empty_label=None, required=False, **kwargs)

    def clean(self, value: Any) -> Department | None:
        """Return the chosen unit, or the first."""
        return super().clean(value) or self.queryset.first()


class KeepViewForm(ServiceForm):
    """The filters and columns that the ledger shall open with."""

    query = forms.CharField(widget=forms.HiddenInput, max_length=QUERY, required=False)

    def perform(self, *, by: Actor, now: datetime) -> LedgerView:
        """Keep them."""
        return services.keep_view(by=by, now=now, **self.cleaned_data)


class FillForm(forms.Form):
    """The template that the list goes into. Each time it is asked for a document is made and noted."""

    template = forms.ModelChoiceField(label=_("Template"), queryset=Template.objects.none())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["template"].queryset = queries.templates(actor)

    def perform(
        self, *, by: Actor, now: datetime, given: dict[str, Any], said: str
    ) -> tuple[Template, Filled]:
        """Have the template filled in, and note it."""
        template = self.cleaned_data["template"]
        version = queries.newest(template)
        filled = documents.fill(by, version, given, now)
        services.note_document(
            by=by, now=now, version=version, query=said, rows=filled.rows, sha256=filled.sha256
        )
        return template, filled


class TemplateForm(ServiceForm):
    """A template as a file, under a name of a unit."""

    department = UnitField(
        label=_("Unit"), help_text=_("Staff of this unit and of the units below it can fill the template in.")
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=NAME,
        help_text=_("A name that the unit uses already gets a new version; older documents keep theirs."),
    )
    file = forms.FileField(
        label=_("Template"),
        help_text=_("docx or xlsx. Write {{ name of a field }} where a value shall stand."),
        widget=forms.ClearableFileInput(attrs={"accept": ".docx,.xlsx"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = queries.keeping(actor, *KEEPERS)

    def perform(self, *, by: Actor, now: datetime) -> TemplateVersion:
        """Have the template examined, and keep it."""
        given = dict(self.cleaned_data)
        received = documents.receive(given.pop("file"))
        return services.add_template(by=by, now=now, given=received, **given)


class WithdrawForm(ServiceForm):
    """Nothing to say: the template is offered no longer."""

    def perform(self, *, by: Actor, now: datetime, template: Template) -> Template:
        """Withdraw the template."""
        return services.withdraw_template(by=by, now=now, template=template, **self.cleaned_data)


class ReportForm(ServiceForm):
    """A report: of which unit, over which time, under which name. Pressing the button is enough."""

    department = UnitField(label=_("Unit"))
    kind = forms.ChoiceField(label=_("Kind of report"), choices=ReportKind.choices)
    span = forms.ChoiceField(
        label=_("Period"),
        choices=[
            ("week", _("This week")),
            ("last_week", _("Last week")),
            ("month", _("This month")),
            ("last_month", _("Last month")),
            ("own", _("From … until …")),
        ],
    )
    begin = DayField(label=_("From"), required=False)
    end = DayField(label=_("Until"), required=False)

    def __init__(self, *args: Any, actor: Actor, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        units = figures.figure_units(actor)
        self.fields["department"].queryset = Department.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["department"].initial = units[0].pk if units else None

    def clean(self) -> dict[str, Any]:
        """Turn the chosen period into days."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("span") in SPANS:
            kind, back = SPANS[given["span"]]
            given["begin"], given["end"] = figures.span(kind, self.today, back=back)
        elif not given.get("begin") or not given.get("end"):
            self.add_error("begin", _("Give the first and the last day of the period."))
        return given

    def perform(self, *, by: Actor, now: datetime) -> Report:
        """Make the report."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "span"}
        return services.make_report(by=by, now=now, **given)

"""Inputs about a firm itself: entering, changing, what it holds, what it hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhitong.core import data
from zhitong.core.clock import local_date
from zhitong.core.errors import FieldError
from zhitong.core.forms import ServiceForm
from zhitong.enterprises import services
from zhitong.enterprises.facts import FEN_OF_TEN_THOUSAND, State, kinds_on, table_on
from zhitong.enterprises.forms.fields import (
    FirmByCodeField,
    TenThousandField,
    WordsField,
    day_input,
    decimal,
)
from zhitong.enterprises.models.firms import WHOLE
from zhitong.enterprises.states import region_label, regions, streets
from zhitong.enterprises.titles import kinds_on as titles_on
from zhitong.enterprises.words import (
    CreditList,
    CreditState,
    Listing,
    PatentKind,
    RelationKind,
    StandardLevel,
    StandardRole,
)
from zhitong.orgs import queries as org_queries
from zhitong.orgs.models import Department
from zhitong.orgs.states import Tier

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.actor import Actor
    from zhitong.enterprises.models import Enterprise

BLANK = ("", "—")


def region_choices() -> list[tuple[str, str]]:
    """The districts, by name."""
    return [(code, region_label(code)) for code in regions() if not code.endswith("00")]


def street_choices() -> list[Any]:
    """Towns and streets, grouped by district."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, (name, district) in streets().items():
        groups.setdefault(region_label(district), []).append((code, name))
    return [BLANK, *groups.items()]


class NewFirmForm(ServiceForm):
    """A firm that is not in the register yet."""

    code = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 signs, as on the licence.")
    )
    name = forms.CharField(label=_("Name of the firm"), max_length=120)
    region = forms.ChoiceField(label=_("District"), choices=region_choices)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)

    def perform(self, *, by: Actor, now: datetime) -> Enterprise:
        """Enter it."""
        return services.register(by=by, now=now, **self.cleaned_data)


class FirmForm(ServiceForm):
    """A form about one firm."""

    service: Any = None

    def __init__(self, *args: Any, firm: Enterprise, actor: Actor, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.firm, self.actor, self.today = firm, actor, local_date(now)
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that depend on the firm, the actor or the day."""

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Call the service with the cleaned inputs."""
        return type(self).service(by=by, now=now, enterprise=self.firm, **self.cleaned_data)


class ChangeForm(FirmForm):
    """Everything the office keeps about a firm itself."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)
    name = forms.CharField(
        label=_("Name of the firm"), max_length=120, help_text=_("The name it gives up is kept.")
    )
    region = forms.ChoiceField(label=_("District"), choices=region_choices)
    street = forms.ChoiceField(label=_("Town or street"), choices=street_choices, required=False)
    park = forms.ModelChoiceField(
        label=_("Park"), queryset=Department.objects.none(), required=False, empty_label="—"
    )
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    activity = forms.CharField(
        label=_("Main activity"),
        max_length=10,
        required=False,
        help_text=_("Code of GB/T 4754, such as C3985."),
    )
    further = WordsField(label=_("Further activities"), max_length=200, required=False)
    founded_on = forms.DateField(label=_("Founded on"), required=False, widget=day_input())
    capital = TenThousandField(label=_("Registered capital (10,000 yuan)"), min_value=0, required=False)
    listing = forms.ChoiceField(label=_("Listed at"), choices=[BLANK, *Listing.choices], required=False)
    stock_code = forms.CharField(label=_("Stock code"), max_length=12, required=False)
    products = WordsField(
        label=_("Leading products"), max_length=400, required=False, help_text=_("The first one leads.")
    )
    tags = WordsField(label=_("Tags"), max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["park"].queryset = org_queries.departments().filter(tier=Tier.PARK)
        for name, value in services.Particulars.of(self.firm).as_dict().items():
            self.fields[name].initial = value
        self.fields["version"].initial = self.firm.version

    def perform(self, *, by: Actor, now: datetime) -> Enterprise:
        """Change the firm."""
        given = dict(self.cleaned_data)
        key, version = given.pop("key"), given.pop("version")
        return services.change(
            by=by,
            now=now,
            key=key,
            enterprise=self.firm,
            given=services.Particulars(**given),
            version=version,
        )


class FactForm(FirmForm):
    """What somebody says about the firm for a period."""

    kind = forms.ChoiceField(label=_("What"))
    period = forms.CharField(label=_("Period"), max_length=7, help_text=_("2025, 2025-Q3 or 2025-07"))
    source = forms.ChoiceField(label=_("Source"))
    amount = forms.CharField(
        label=_("Value"),
        max_length=24,
        required=False,
        help_text=_("Money in 10,000 yuan, people and kilowatt hours in whole numbers."),
    )
    not_applicable = forms.BooleanField(label=_("Does not apply to this firm"), required=False)
    evidence = forms.CharField(label=_("Evidence"), max_length=200, required=False)

    def prepare(self) -> None:
        kinds, table = kinds_on(self.today), table_on(self.today)
        self.fields["kind"].choices = [(key, kind.label) for key, kind in kinds.items()]
        own = bool(self.firm.pk in self.actor.enterprises)
        sources = {key: text for key, text in table["sources"].items() if not own or key == "firm"}
        self.fields["source"].choices = [(key, data.label(text)) for key, text in sources.items()]
        self.fields["period"].initial = str(self.today.year - 1)

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """State the fact."""
        given = dict(self.cleaned_data)
        text, absent = given.pop("amount"), given.pop("not_applicable")
        state = State.NOT_APPLICABLE if absent else State.KNOWN
        value = None if absent else self._value(given["kind"], text)
        return services.state_fact(by=by, now=now, enterprise=self.firm, value=value, state=state, **given)

    def _value(self, kind: str, text: str) -> int | None:
        if not text.strip():
            return None
        worth = FEN_OF_TEN_THOUSAND if kinds_on(self.today)[kind].unit == "fen" else 1
        number = decimal(text)
        if number is None or number * worth != (number * worth).to_integral_value():
            raise FieldError("amount", gettext_noop("Write a plain number, as fine as its unit allows."))
        return int(number * worth)


class TitleForm(FirmForm):
    """A title the firm was given."""

    service = services.grant_title
    kind = forms.ChoiceField(label=_("Title held"))
    number = forms.CharField(label=_("Number of the document"), max_length=40, required=False)
    granted_on = forms.DateField(label=_("Given on"), widget=day_input())
    expires_on = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=day_input(),
        help_text=_("Leave it empty for the usual time of this title."),
    )
    review_by = forms.DateField(label=_("Review until"), required=False, widget=day_input())
    source = forms.CharField(label=_("Source"), max_length=120, required=False)

    def prepare(self) -> None:
        kinds = titles_on(self.today).items()
        self.fields["kind"].choices = [(key, kind.label) for key, kind in kinds]


class PatentForm(FirmForm):
    """A right the firm holds."""

    service = services.add_patent
    kind = forms.ChoiceField(label=_("Kind"), choices=PatentKind.choices)
    number = forms.CharField(label=_("Number"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    granted_on = forms.DateField(label=_("Granted on"), widget=day_input())
    acquired_on = forms.DateField(
        label=_("Bought on"), required=False, widget=day_input(), help_text=_("Only if it was bought.")
    )


class StandardForm(FirmForm):
    """A standard the firm helped to write."""

    service = services.add_standard
    number = forms.CharField(label=_("Number"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=120)
    level = forms.ChoiceField(label=_("Level"), choices=StandardLevel.choices)
    role = forms.ChoiceField(label=_("Part in it"), choices=StandardRole.choices)
    published_on = forms.DateField(label=_("Published on"), required=False, widget=day_input())


class CreditForm(FirmForm):
    """What a look into a public list found."""

    service = services.mark_credit
    list = forms.ChoiceField(label=_("List"), choices=CreditList.choices)
    state = forms.ChoiceField(label=_("Found"), choices=CreditState.choices)
    checked_on = forms.DateField(label=_("Looked on"), widget=day_input())
    since = forms.DateField(label=_("Listed since"), required=False, widget=day_input())
    source = forms.CharField(label=_("Where you looked"), max_length=120)


class RelationForm(FirmForm):
    """What the firm hangs on."""

    service = services.relate
    kind = forms.ChoiceField(label=_("This firm is"), choices=RelationKind.choices)
    share = forms.DecimalField(
        label=_("Share in percent"),
        required=False,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
    )
    source = forms.CharField(label=_("Source"), max_length=120, required=False)

    def prepare(self) -> None:
        self.fields["parent"] = FirmByCodeField(label=_("Credit code of the other firm"), actor=self.actor)
        self.order_fields(["parent", "kind", "share", "source"])

    def clean_share(self) -> int | None:
        """Return basis points."""
        share = self.cleaned_data["share"]
        return int(share * WHOLE / 100) if share else None


class MergeForm(FirmForm):
    """Which entry is the same firm as this one."""

    reason = forms.CharField(label=_("Why these are one firm"), max_length=200)

    def prepare(self) -> None:
        self.fields["kept"] = FirmByCodeField(
            label=_("Credit code of the entry that stays"),
            actor=self.actor,
            help_text=_("What hangs on this entry is shown there from now on; it can be split again."),
        )
        self.order_fields(["kept", "reason"])

    def perform(self, *, by: Actor, now: datetime) -> Any:
        """Merge."""
        return services.merge(by=by, now=now, dropped=self.firm, **self.cleaned_data)

"""What forms share: one-time keys, versions, and errors that come back from services."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhitong.core.http import KEYS, whole
from zhitong.core.uploads.reasons import REASONS, UploadRefused
from zhitong.core.uploads.receive import examine_upload

if TYPE_CHECKING:
    from datetime import datetime

    from zhitong.core.errors import FieldError
    from zhitong.core.uploads.inspect import Inspected


YEARS = range(2000, 2100)
REQUIRED = gettext_noop("This field is required.")  # Django's sentence, in the catalogue in our own words


class ServiceForm(forms.Form):
    """A form that carries a one-time key, so that sending it twice has one effect."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4().hex
        # Labels end without a colon; the layout separates them from the input.
        self.label_suffix = ""

    def take_back(self, error: FieldError) -> None:
        """Show a service's refusal beside the field it names, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


class VersionedForm(ServiceForm):
    """A form about a row that somebody else may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**9)


class MomentField(forms.DateTimeField):
    """A moment in a person's working life; other years are slips of the finger and overflow calendars."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"years": _("Give a year from 2000 to 2099.")}

    def to_python(self, value: Any) -> datetime | None:
        """Refuse a year far away before it is moved to another time zone."""
        try:
            moment = super().to_python(value)
        except OverflowError:
            raise forms.ValidationError(self.error_messages["years"], code="years") from None
        if moment is not None and moment.year not in YEARS:
            raise forms.ValidationError(self.error_messages["years"], code="years")
        return moment


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows of a list; a number that no row can have is an unknown choice, on SQLite too."""

    def _check_values(self, value: Any) -> Any:
        for typed in value if isinstance(value, (list, tuple)) else ():
            if whole(str(typed), below=KEYS) is None:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": typed}
                )
        return super()._check_values(value)


class ManyFilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ExaminedFilesField(forms.FileField):
    """Several files, each examined by content in a limited child process; cleans to a list of Inspected."""

    widget = ManyFilesInput(attrs={"multiple": True})
    default_error_messages = {"too_many": _("Please add at most %(limit)d files.")}

    def __init__(self, *, limit: int = 9, **kwargs: Any) -> None:
        self.limit = limit
        super().__init__(required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Inspected]:
        """Examine each file; a refused one becomes an error that names it."""
        del initial
        files = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > self.limit:
            raise forms.ValidationError(self.error_messages["too_many"], params={"limit": self.limit})
        examined, problems = [], []
        for file in files:
            try:
                examined.append(examine_upload(file))
            except UploadRefused as refusal:
                problems.append(
                    forms.ValidationError(_("“%(name)s”: %(reason)s"), params=_named(file.name, refusal))
                )
        if problems:
            raise forms.ValidationError(problems)
        return examined


def _named(name: str, refusal: UploadRefused) -> dict[str, str]:
    from django.utils.translation import gettext  # noqa: PLC0415 - translated when shown

    return {"name": name, "reason": gettext(REASONS[refusal.code]) % refusal.params}

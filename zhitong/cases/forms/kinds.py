"""Another kind of matter than was thought."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhitong.cases import services
from zhitong.cases.forms.base import TEXT, ActionForm, text_area
from zhitong.cases.states import flow, kinds


class ReclassifyForm(ActionForm):
    """Which kind of matter this really is; each choice says until when the running clock then runs."""

    service = services.reclassify
    kind = forms.ChoiceField(
        label=_("Kind of matter"),
        widget=forms.RadioSelect,
        help_text=_("A deadline that has passed stays as it is."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=TEXT, widget=text_area(3), help_text=_("The firm reads this.")
    )

    def prepare(self) -> None:
        possible = {row.name for row in flow(self.case.flow_version).available(self.case.state)}
        others = (row for row in kinds(self.case.sla_version).items() if row[0] != self.case.kind)
        self.fields["kind"].choices = [
            (name, self._until(name, label) if "reclassify" in possible else label) for name, label in others
        ]

    def _until(self, name: str, label: str) -> str:
        due = timezone.localtime(services.due_as(case=self.case, kind=name, now=self.now))
        return gettext("%(kind)s: deadline %(day)s") % {"kind": label, "day": f"{due:%Y-%m-%d %H:%M}"}

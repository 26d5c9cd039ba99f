"""The Django side of cases."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, their flow and clocks."""

    name = "zhitong.cases"
    label = "cases"

    def ready(self) -> None:
        """Declare what is searched; entries, ended stretches and chosen categories can only be added to."""
        from zhitong.cases import finding  # noqa: PLC0415 - needs loaded apps
        from zhitong.core import search, triggers  # noqa: PLC0415 - same

        search.register(finding.INDEX, finding.FIELDS, source="cases_case")

        triggers.append_only("cases_entry")
        triggers.append_only("cases_stretch")
        triggers.append_only("cases_categorychoice")

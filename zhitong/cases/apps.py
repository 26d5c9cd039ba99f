"""The Django side of cases."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, their flow and clocks."""

    name = "zhitong.cases"
    label = "cases"

    def ready(self) -> None:
        """Entries, ended stretches and chosen categories can only be added to."""
        from zhitong.core import triggers  # noqa: PLC0415 - needs loaded apps

        triggers.append_only("cases_entry")
        triggers.append_only("cases_stretch")
        triggers.append_only("cases_categorychoice")

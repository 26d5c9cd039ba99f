"""The Django side of reports."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The ledger, templates of bureaus, and reports."""

    name = "zhitong.reports"
    label = "reports"

    def ready(self) -> None:
        """What was uploaded or made stays as it was."""
        from zhitong.core import triggers  # noqa: PLC0415 - needs loaded apps

        for table in ("reports_templateversion", "reports_made", "reports_report"):
            triggers.append_only(table)

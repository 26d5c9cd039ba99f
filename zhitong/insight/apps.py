"""The Django side of precedents and canned answers."""

from __future__ import annotations

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Precedents and canned answers."""

    name = "zhitong.insight"
    label = "insight"

    def ready(self) -> None:
        """Declare what is searched."""
        from zhitong.core import search  # noqa: PLC0415 - needs loaded apps
        from zhitong.insight import finding  # noqa: PLC0415 - same

        search.register(finding.INDEX, source="insight_precedent")

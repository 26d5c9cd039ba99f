"""The Django side of the firms."""

from __future__ import annotations

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """Firms and their members."""

    name = "zhitong.enterprises"
    label = "enterprises"

    def ready(self) -> None:
        """Declare what is searched, and what is only added to."""
        from zhitong.core import search, triggers  # noqa: PLC0415 - needs loaded apps
        from zhitong.enterprises.queries import INDEX  # noqa: PLC0415 - same

        search.register(INDEX)
        triggers.append_only("enterprises_enterprisechange")

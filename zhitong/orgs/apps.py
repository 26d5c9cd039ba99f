"""The Django side of departments and staff."""

from __future__ import annotations

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Departments, staff and posts."""

    name = "zhitong.orgs"
    label = "orgs"

    def ready(self) -> None:
        """Listen to what sign-in reports."""
        from zhitong.orgs.signin import events  # noqa: PLC0415 - needs loaded apps

        events.connect()

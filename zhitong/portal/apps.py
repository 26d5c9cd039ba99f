"""The Django side of the portal."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages for firms."""

    name = "zhitong.portal"
    label = "portal"

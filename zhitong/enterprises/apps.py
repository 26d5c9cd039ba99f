"""The Django side of the firms."""

from __future__ import annotations

from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    """Firms and their members."""

    name = "zhitong.enterprises"
    label = "enterprises"

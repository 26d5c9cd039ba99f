"""The Django side of common problems."""

from __future__ import annotations

from django.apps import AppConfig


class CommonsConfig(AppConfig):
    """Matters that several firms have in common."""

    name = "zhitong.commons"
    label = "commons"

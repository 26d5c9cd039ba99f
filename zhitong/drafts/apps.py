"""The Django side of drafts."""

from __future__ import annotations

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """What waits to be entered as a case."""

    name = "zhitong.drafts"
    label = "drafts"

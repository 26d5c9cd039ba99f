"""The Django side of replies."""

from __future__ import annotations

from django.apps import AppConfig


class RepliesConfig(AppConfig):
    """Links to and paper from units without accounts."""

    name = "zhitong.replies"
    label = "replies"

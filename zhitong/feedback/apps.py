"""The Django side of feedback."""

from __future__ import annotations

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Ratings of answered cases."""

    name = "zhitong.feedback"
    label = "feedback"
